/// What changed since another run, as `Assets/Report/changed.js` reads it.
struct PageChanges: Encodable {
    struct Category: Encodable {
        let category: Int
        let kept: Int
        let gained: Int
        let lost: Int
        let earlierThreshold: Float
        let earlierRule: String
    }

    struct Card: Encodable {
        let card: ReportSample.Card
        let earlier: ReportSample.Score

        /// `[image, category, 0, the earlier score]`: a card, and what the other run decided.
        func encode(to encoder: any Encoder) throws {
            var values = encoder.unkeyedContainer()
            try values.encode(card.image)
            try values.encode(card.category)
            try values.encode(0)
            try values.encode(PageData.Score(earlier))
        }
    }

    let name: String
    let neutralMargin: Float
    let sharedCount: Int
    let onlyEarlierCount: Int
    let onlyLaterCount: Int
    let onlyEarlier: [String]
    let onlyLater: [String]
    let categories: [Category]
    let cards: [Card]

    /// - Parameters:
    ///   - comparison: The differences.
    ///   - cards: The cards of its changes.
    init(_ comparison: RunComparison, cards: [ReportSample.Card]) {
        name = comparison.earlierName
        neutralMargin = comparison.earlierNeutralMargin
        sharedCount = comparison.sharedCount
        onlyEarlierCount = comparison.onlyEarlierCount
        onlyLaterCount = comparison.onlyLaterCount
        onlyEarlier = comparison.onlyEarlier
        onlyLater = comparison.onlyLater
        categories = comparison.categories.map {
            Category(
                category: $0.position,
                kept: $0.counts.kept,
                gained: $0.counts.gained,
                lost: $0.counts.lost,
                earlierThreshold: $0.earlier.threshold,
                earlierRule: $0.earlier.rule
            )
        }
        self.cards = zip(cards, comparison.changes).map { Card(card: $0, earlier: $1.earlier) }
    }
}
