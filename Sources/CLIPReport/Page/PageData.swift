internal import CLIPCore

/// The data for the page's script, as `Assets/Report/data.js` reads it.
struct PageData: Encodable {
    struct Category: Encodable {
        let name: String
        let threshold: Float
        let rule: String
        let positive: [String]
        let negative: [String]
        let matches: Int
        let heldBack: Int
        let below: Int
        let histogram: Histogram
        let cards: [Card]
    }

    struct Histogram: Encodable {
        let start: Double
        let width: Double
        /// For each bin, the number of matches and of images held back, and of images below the threshold that a lower
        /// threshold would match or hold back.
        let bins: [[Int]]
    }

    struct Card: Encodable {
        let image: Int
        let category: Int
        let isRandom: Bool

        init(_ card: ReportSample.Card) {
            image = card.image
            category = card.category
            isRandom = card.isRandom
        }

        /// `[image, category, 1 for a member of the random sample]`.
        func encode(to encoder: any Encoder) throws {
            try [image, category, isRandom ? 1 : 0].encode(to: encoder)
        }
    }

    struct Image: Encodable {
        let id: String
        let picture: PageImages.Picture
        let scores: [Score]
        /// Positions of similar images.
        let similar: [Int]
    }

    struct Score: Encodable {
        let score: ReportSample.Score

        init(_ score: ReportSample.Score) {
            self.score = score
        }

        /// `[category, outcome, score, positive, negative, neutral]`; the last two may be `null`.
        func encode(to encoder: any Encoder) throws {
            var values = encoder.unkeyedContainer()
            try values.encode(score.category)
            try values.encode(score.outcome.code)
            try values.encode(score.evidence.score)
            try values.encode(score.evidence.positive)
            try values.encode(score.evidence.negative)
            try values.encode(score.evidence.neutral)
        }
    }

    struct FailureReason: Encodable {
        let reason: String
        let stage: String
        let count: Int
    }

    let identity: String
    let title: String
    let facts: [[String]]
    let imageCount: Int
    let unmatchedCount: Int
    let neutralMargin: Float
    let categories: [Category]
    let images: [Image]
    let unmatched: [Card]
    let failureCount: Int
    let failures: [[String]]
    let failureReasons: [FailureReason]
    let changes: PageChanges?

    init(_ report: HTMLReport, images: [Image]) {
        let sample = report.sample
        identity = PageIdentity.hash(report.identity)
        title = report.title
        facts = report.facts.map { [$0.name, $0.value] }
        imageCount = sample.imageCount
        unmatchedCount = sample.unmatchedCount
        neutralMargin = sample.neutralMargin
        categories = sample.categories.map { category in
            Category(
                name: category.definition.name,
                threshold: category.definition.threshold,
                rule: category.definition.rule,
                positive: category.definition.positive,
                negative: category.definition.negative,
                matches: category.counts.matches,
                heldBack: category.counts.heldBack,
                below: category.counts.below,
                histogram: Histogram(
                    start: category.histogram.start,
                    width: category.histogram.width,
                    bins: category.histogram.bins.map {
                        [$0.matches, $0.heldBack, $0.below - $0.belowAndHeldBack, $0.belowAndHeldBack]
                    }
                ),
                cards: category.cards.map(Card.init)
            )
        }
        self.images = images
        unmatched = sample.unmatched.map(Card.init)
        failureCount = report.failures.count
        failures = report.failures.rows.map { [$0.id, $0.stage?.rawValue ?? "unknown", $0.reason] }
        failureReasons = report.failures.reasons.map {
            FailureReason(reason: $0.reason, stage: $0.stage?.rawValue ?? "unknown", count: $0.count)
        }
        changes = report.comparison.map { PageChanges($0, cards: sample.included) }
    }
}

extension Outcome {
    fileprivate var code: Int {
        switch self {
        case .match: 0
        case .belowNeutral: 1
        case .belowThreshold: 2
        }
    }
}
