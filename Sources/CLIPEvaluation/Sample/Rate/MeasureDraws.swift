internal import CLIPCore

/// Measures over a collection in draws of the rates of its parts: the labelled images count as they are, and the others
/// are drawn from the binomial distribution of their part's rate, so that intervals are those of this collection, not of
/// all like it.
struct MeasureDraws {
    /// Images of which each is positive with the same probability.
    struct Part {
        let isMatch: Bool
        var unlabelled: Int
        /// Number of images labelled as positive.
        var positive = 0
    }

    /// The draws of each measure.
    private(set) var fractions: [[SampledFraction]]
    private let measures: [SampledMeasure]
    private let parts: [Part]
    private let matches: Double
    private let count: Double
    private var generator: SeededGenerator

    /// - Parameters:
    ///   - measures: What to compute.
    ///   - parts: The parts of the collection.
    ///   - matches: Number of matching images.
    ///   - count: Number of images.
    ///   - seed: The same seed gives the same draws.
    init(of measures: [SampledMeasure], _ parts: [Part], matches: Int, count: Int, seed: UInt64) {
        fractions = [[SampledFraction]](repeating: [], count: measures.count)
        self.measures = measures
        self.parts = parts
        self.matches = Double(matches)
        self.count = Double(count)
        generator = SeededGenerator(seed: seed)
    }

    /// Adds a draw of the rate of each part.
    mutating func add(_ rates: some Collection<Double>) {
        var (matching, other) = (0, 0)
        for (part, rate) in zip(parts, rates) {
            let positives = part.positive + generator.binomial(part.unlabelled, rate)
            if part.isMatch { matching += positives } else { other += positives }
        }
        let (hits, positives) = (Double(matching), Double(matching + other))
        for (index, measure) in measures.enumerated() {
            fractions[index].append(
                measure.fraction(truePositives: hits, positives: positives, matches: matches, count: count)
            )
        }
    }
}
