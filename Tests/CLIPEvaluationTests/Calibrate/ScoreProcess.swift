import CLIPCore
import CLIPEvaluation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Images whose scores follow known laws, so that the best thresholds are known.
///
/// A category's positive images score `N(mean, deviation)`, its negative ones `N(0, deviation)`. With `hasBackground`,
/// four of ten negative images score as the positive ones do and have gaps `N(0, 0.015)`; all others have gaps
/// `N(0.05, 0.015)`: only a margin between the two tells them from positive images.
struct ScoreProcess {
    struct Category {
        let prior: Double
        let mean: Double
        let deviation: Double
    }

    let categories: [Category]
    let hasBackground: Bool

    init(categories: Int, hasBackground: Bool = false, generator: inout SeededGenerator) {
        self.categories = (0..<categories).map { _ in
            Category(
                prior: 0.2 + 0.2 * Self.uniform(&generator),
                mean: 0.08 + 0.04 * Self.uniform(&generator),
                deviation: 0.02 + 0.01 * Self.uniform(&generator)
            )
        }
        self.hasBackground = hasBackground
    }

    /// Categories of known shares of positive images, `separation` standard deviations above the others.
    init(priors: [Double], separation: Double) {
        categories = priors.map { Category(prior: $0, mean: 0.04 * separation, deviation: 0.04) }
        hasBackground = false
    }

    /// What a threshold is worth, without a neutral test.
    func figures(threshold: Float, category: Int = 0) -> [Double] {
        let category = categories[category]
        let recall = Self.above((Double(threshold) - category.mean) / category.deviation)
        let truePositives = category.prior * recall
        let falsePositives = (1 - category.prior) * Self.above(Double(threshold) / category.deviation)
        return [
            truePositives / (truePositives + falsePositives), recall,
            2 * truePositives / (truePositives + falsePositives + category.prior),
        ]
    }

    /// Draws images; evidence and truth image by image.
    func images(_ count: Int, generator: inout SeededGenerator) -> LabelledScores {
        var evidence = [Evidence]()
        var truth = [Bool?]()
        for _ in 0..<count {
            for category in categories {
                let isPositive = Self.uniform(&generator) < category.prior
                let isBackground = hasBackground && !isPositive && Self.uniform(&generator) < 0.4
                let mean = isPositive || isBackground ? category.mean : 0
                let score = mean + category.deviation * Self.normal(&generator)
                let gap = (isBackground ? 0 : 0.05) + 0.015 * Self.normal(&generator)
                evidence.append(
                    Evidence(score: Float(score), positive: Float(gap), neutral: hasBackground ? 0 : nil)
                )
                truth.append(isPositive)
            }
        }
        return LabelledScores(categoryCount: categories.count, evidence: evidence, truth: truth)
    }

    /// The best threshold at a margin and what it is worth: F1, or the figure that the target leaves free.
    func optimum(_ target: CalibrationTarget, category: Int, margin: Double = -1) -> (value: Double, threshold: Double)
    {
        let category = categories[category]
        var best = (value: -1.0, threshold: 0.0)
        for threshold in stride(from: -0.1, through: 0.25, by: 0.0005) {
            let passing = Self.above((margin - 0.05) / 0.015)
            let high = Self.above((threshold - category.mean) / category.deviation)
            let low = Self.above(threshold / category.deviation)
            let background = hasBackground ? 0.4 * high * Self.above(margin / 0.015) : 0
            let recall = high * passing
            let truePositives = category.prior * recall
            let falsePositives = (1 - category.prior) * ((hasBackground ? 0.6 : 1) * low * passing + background)
            let precision = truePositives / (truePositives + falsePositives)
            switch target {
            case .precision(let goal):
                if precision >= goal { return (recall, threshold) }
            case .recall(let goal):
                if recall < goal { return best }
                best = (precision, threshold)
            default:
                let f1 = 2 * truePositives / (truePositives + falsePositives + category.prior)
                if f1 > best.value { best = (f1, threshold) }
            }
        }
        return best
    }

    /// The margin with the largest mean optimum over the categories.
    func bestMargin(_ target: CalibrationTarget) -> Double {
        let margins = stride(from: -0.02, through: 0.06, by: 0.001).map { margin in
            (margin, categories.indices.reduce(0) { $0 + optimum(target, category: $1, margin: margin).value })
        }
        return margins.max { $0.1 < $1.1 }?.0 ?? 0
    }

    static func uniform(_ generator: inout SeededGenerator) -> Double {
        (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Box and Muller (1958).
    static func normal(_ generator: inout SeededGenerator) -> Double {
        (-2 * log(uniform(&generator))).squareRoot() * cos(2 * .pi * uniform(&generator))
    }

    /// The share of a standard normal law above a value.
    private static func above(_ value: Double) -> Double { 0.5 * erfc(value / 2.0.squareRoot()) }
}

/// Scores and labels, and the calibration of them.
struct LabelledScores {
    let categoryCount: Int
    var evidence: [Evidence]
    var truth: [Bool?]
    /// With which each image was drawn.
    var probabilities: [Double?]?
    var ids: [String]?

    var imageCount: Int { truth.count / categoryCount }
    var positiveCount: Int { truth.count { $0 == true } }

    init(categoryCount: Int, evidence: [Evidence], truth: [Bool?]) {
        self.categoryCount = categoryCount
        self.evidence = evidence
        self.truth = truth
    }

    /// One category without a neutral test.
    init(positives: [Float], negatives: [Float]) {
        self.init(
            categoryCount: 1,
            evidence: (positives + negatives).map { Evidence(score: $0, positive: $0) },
            truth: positives.map { _ in true } + negatives.map { _ in false }
        )
    }

    /// Categories are called `c0`, `c1`, …, images `i0`, `i1`, … unless they have ids.
    ///
    /// All images of the collection, if it is given, must match.
    func calibrate(
        _ target: CalibrationTarget,
        resamples: Int = 0,
        margin: Float? = 0,
        confidence: Double? = nil,
        collection: CollectionScores? = nil
    ) async throws -> CalibrationResult {
        let calibration = ThresholdCalibration(
            target: target,
            bootstrap: BootstrapOptions(resamples: resamples),
            confidence: confidence
        )
        return try await calibration.calibrate(
            modelIdentity: "a model",
            labels: columns,
            neutralMargin: margin,
            learns: false,
            collection: collection.map { collection in { _ in collection } }
        ) { _, rows in
            rows.flatMap { evidence[$0 * categoryCount..<($0 + 1) * categoryCount] }
        }
    }

    /// Average precision of one category, with the interval that `evaluate` gives it.
    var averagePrecision: MetricEstimate? {
        let (images, decisions) = labelled(
            scores: [evidence.map(\.score)],
            truth: [truth],
            probabilities: probabilities.map { [$0.compactMap(\.self)] } ?? [],
            threshold: 0
        )
        return Evaluation(images, decisions: decisions).categories[0].averagePrecision
    }

    /// The labels, category by category.
    var columns: LabelColumns {
        func column<Value>(_ values: [Value], _ category: Int) -> [Value] {
            stride(from: category, to: values.count, by: categoryCount).map { values[$0] }
        }
        let probabilities = probabilities ?? [Double?](repeating: nil, count: truth.count)
        return LabelColumns(
            categories: (0..<categoryCount).map { "c\($0)" },
            ids: ids ?? (0..<imageCount).map { "i\($0)" },
            truth: (0..<categoryCount).map { column(truth, $0) },
            probabilities: (0..<categoryCount).map { column(probabilities, $0) }
        )
    }

    /// Precision, recall and F1 of a threshold, without a neutral test.
    func figures(threshold: Float, category: Int = 0) -> (precision: Double, recall: Double, f1: Double) {
        var (truePositives, matches, positives) = (0, 0, 0)
        for index in stride(from: category, to: truth.count, by: categoryCount) {
            let isMatch = evidence[index].score >= threshold
            if truth[index] == true { positives += 1 }
            if isMatch { matches += 1 }
            if isMatch && truth[index] == true { truePositives += 1 }
        }
        return (
            matches == 0 ? 0 : Double(truePositives) / Double(matches),
            Double(truePositives) / Double(positives),
            Double(2 * truePositives) / Double(matches + positives)
        )
    }
}
