import CLIPCore
import CLIPEvaluation

/// A simulated collection that is labelled truthfully in rounds, with the sampler and the estimates that a user gets.
struct SampledRun {
    /// What is known after a round.
    struct Round {
        let labels: ImageLabels
        let estimate: SampleEstimate
    }

    /// What came out after a round, for a measure.
    struct Outcome {
        var isCovered: Bool
        var width: Double
        /// The width that labels would reach if they were allocated with the true rates.
        var oracleWidth: Double
        /// The width that as many labels of random images would reach.
        var randomWidth: Double
        var error: Double
    }

    let collection: SimulatedCollection
    private let sampler: LabelSampler

    init(_ collection: SimulatedCollection, for measure: SampledMeasure = .f1, seed: UInt64) {
        self.collection = collection
        sampler = LabelSampler(measure: measure, seed: seed)
    }

    /// Labels images until there are as many as each total says.
    func rounds(_ totals: [Int], earlier: ImageLabels? = nil) throws -> [Round] {
        var labels = earlier
        var count = earlier?.ids.count ?? 0
        var rounds = [Round]()
        for total in totals + totals.suffix(1) {
            let sample = try sampler.draw(total - count, from: collection.scores, earlier: labels)
            if let labels, let estimate = sample.estimates[0] {
                rounds.append(Round(labels: labels, estimate: estimate))
            }
            labels = try labelled(sample)
            count = total
        }
        return rounds.suffix(totals.count)
    }

    /// Labels images in rounds, and compares every measure with its true value.
    func outcomes(_ totals: [Int]) throws -> [[Outcome]] {
        let widths = IdealWidths(collection)
        return try zip(totals, rounds(totals)).map { total, round in
            SampledMeasure.allCases.map { measure in
                let truth = collection.truth(measure).value
                let interval = round.estimate[measure].interval ?? 0...1
                return Outcome(
                    isCovered: round.estimate[measure].covers(truth),
                    width: interval.upperBound - interval.lowerBound,
                    oracleWidth: widths.oracle(measure, labels: total),
                    randomWidth: widths.random(measure, labels: total),
                    error: round.estimate[measure].value - truth
                )
            }
        }
    }

    /// The labelled images with their scores and probabilities.
    func scored(_ labels: ImageLabels) -> LabelledScores {
        let rows = labels.ids.compactMap { Int($0) }
        var images = LabelledScores(
            categoryCount: 1,
            evidence: rows.map { Evidence(score: collection.values[$0], positive: collection.values[$0]) },
            truth: rows.map { collection.isPositive[$0] }
        )
        images.ids = labels.ids
        images.probabilities = labels.ids.map { labels.probability(id: $0, category: "c0") }
        return images
    }

    /// The labels by row of the collection.
    func drawn(_ labels: ImageLabels) -> [SampledLabel] {
        labels.ids.compactMap { id in
            Int(id).flatMap { row in
                labels.probability(id: id, category: "c0").map {
                    SampledLabel(row: row, isPositive: collection.isPositive[row], probability: $0)
                }
            }
        }
    }

    private func labelled(_ sample: LabelSample) throws -> ImageLabels {
        try ImageLabels(
            sample.judgements.map { judgement in
                var judgement = judgement
                judgement.answer = Int(judgement.id).map { collection.isPositive[$0] } == true ? .member : .nonMember
                return judgement
            }
        )
    }
}

extension MetricEstimate {
    /// Whether the interval contains a value; one without an interval contains all.
    func covers(_ value: Double) -> Bool {
        interval.map { $0.lowerBound - 1e-9...$0.upperBound + 1e-9 ~= value } ?? true
    }
}
