internal import CLIPCore

/// Selects the images of one category for a report, in one pass and bounded memory.
struct CategorySampler: Sendable {
    struct Item: Sendable {
        let id: String
        let score: Float
    }

    /// The selected images; each list is in descending order of score.
    struct Picked {
        var matches: [Item]
        var heldBack: [Item]
        var below: [Item]
        /// The matches that belong to the random sample.
        var random: ImageIDSet
    }

    let threshold: Float
    let neutralMargin: Float
    private let limit: Int
    private(set) var histogram = OutcomeHistogram()
    private(set) var counts = OutcomeHistogram.Bin()
    private var highest: LeastItems<Item>
    private var random: Reservoir<Item>
    private var nearestMatches: LeastItems<Item>
    private var nearestHeldBack: LeastItems<Item>
    private var nearestBelow: LeastItems<Item>

    init(threshold: Float, neutralMargin: Float, limit: Int, seed: UInt64) {
        self.threshold = threshold
        self.neutralMargin = neutralMargin
        self.limit = limit
        highest = LeastItems(limit: limit / 6)
        random = Reservoir(limit: limit / 6, seed: seed)
        nearestMatches = LeastItems(limit: limit)
        nearestHeldBack = LeastItems(limit: limit)
        nearestBelow = LeastItems(limit: limit)
    }

    mutating func add(id: String, evidence: Evidence, outcome: Outcome) {
        let score = evidence.score
        let item = Item(id: id, score: score)
        histogram.add(score, outcome, passesNeutralTest: evidence.passesNeutralTest(margin: neutralMargin))
        switch outcome {
        case .match:
            counts.matches += 1
            highest.add(item, key: -score)
            random.add(item)
            nearestMatches.add(item, key: score)
        case .belowNeutral:
            counts.heldBack += 1
            nearestHeldBack.add(item, key: -shortfall(evidence, outcome))
        case .belowThreshold:
            counts.below += 1
            nearestBelow.add(item, key: -score)
        }
    }

    /// How far an image is from matching: 0 for a match, otherwise negative.
    ///
    /// `score − threshold` below the threshold; `positive − neutral − margin` for an image that fails the neutral test.
    func shortfall(_ evidence: Evidence, _ outcome: Outcome) -> Float {
        switch outcome {
        case .match: 0
        case .belowThreshold: evidence.score - threshold
        case .belowNeutral: evidence.positive - (evidence.neutral ?? 0) - neutralMargin
        }
    }

    /// Selects the images.
    ///
    /// Two thirds are matches (the highest, a random sample, and the nearest to the threshold); the rest are near
    /// misses of both kinds. If there are too few of one, the others fill their places.
    func pick() -> Picked {
        let misses = nearestBelow.items.count + nearestHeldBack.items.count
        let matchLimit = max(limit - limit / 3, limit - misses)
        var taken = ImageIDSet()
        let candidates = highest.items + random.items + nearestMatches.items
        let matches = Array(candidates.filter { taken.insert($0.id) }.prefix(matchLimit))
        let missLimit = limit - matches.count
        let heldBackLimit = max(missLimit / 2, missLimit - nearestBelow.items.count)
        let heldBack = nearestHeldBack.items.prefix(heldBackLimit)
        let below = nearestBelow.items.prefix(missLimit - heldBack.count)
        return Picked(
            matches: matches.sorted { $0.score > $1.score },
            heldBack: heldBack.sorted { $0.score > $1.score },
            below: Array(below),
            random: ImageIDSet(random.items.map(\.id))
        )
    }
}
