internal import CLIPCore

/// How often each image counts for each category, and resamples of that.
///
/// Categories whose labels were not drawn share one weight per image, 1, and one draw with replacement per resample, so
/// that resamples keep images with all their categories. A category whose labels were drawn with known probabilities has
/// weights and resamples of its own (``DrawnSample``).
struct ImageWeights {
    /// The weights of the images, once for each category.
    let all: [[Double]]
    private let count: Int
    private let drawn: [DrawnSample?]

    /// The weights of labelled images for some categories, given by position.
    init(_ images: LabelledEmbeddings, categories: [Int]) {
        self.init(
            imageCount: images.count,
            samples: categories.map { category in
                DrawnSample(
                    probabilities: (0..<images.count).map { images.probability(image: $0, category: category) },
                    labels: images.truth(category: category)
                )
            }
        )
    }

    /// - Parameters:
    ///   - count: Number of images.
    ///   - samples: One per category; `nil` where the labels were not drawn with known probabilities.
    init(imageCount count: Int, samples: [DrawnSample?]) {
        self.count = count
        drawn = samples
        let once = [Double](repeating: 1, count: count)
        all = samples.map { $0?.weights ?? once }
    }

    /// The number of weights that a resample holds.
    var size: Int { count * (1 + drawn.count { $0 != nil }) }

    /// Draws a resample: weights of the images, once for each category.
    func resample(_ generator: inout SeededGenerator) -> [[Double]] {
        let together = generator.resampleWeights(count: count).map(Double.init)
        return drawn.map { $0?.resample(&generator) ?? together }
    }
}

/// Labels of a category that were drawn with known probabilities.
///
/// Images of equal probability are a stratum. A resample draws one image fewer than a stratum has, with replacement, and
/// rescales the weights, so that the variance of totals is that of the design, including the correction for strata of
/// which most images were drawn (Rao, Wu and Yue, 1992). An image that was certain to be drawn always counts once.
struct DrawnSample: Sendable {
    private struct Stratum {
        var rows: [Int]
        var probabilitySum: Double
    }

    /// The inverse of each image's probability; 0 without a label.
    let weights: [Double]
    private let strata: [Stratum]

    /// Creates a sample from one probability and one label per image, `nil` if unknown; `nil` if no probability is known.
    init?(probabilities: [Double?], labels: [Bool?]) {
        guard probabilities.contains(where: { $0 != nil }) else { return nil }
        let rows = labels.indices.filter { labels[$0] != nil }
        weights = zip(probabilities, labels).map { probability, label in label == nil ? 0 : 1 / (probability ?? 1) }
        let groups = Dictionary(grouping: rows) { probabilities[$0] ?? 1 }
        var strata = [Stratum]()
        for (probability, rows) in groups.sorted(by: { $0.key < $1.key }) {
            // One image alone has no variance: it joins the stratum with the next smaller probability.
            if strata.last?.rows.count == 1 || (rows.count == 1 && !strata.isEmpty && probability < 1) {
                strata[strata.count - 1].rows += rows
                strata[strata.count - 1].probabilitySum += probability * Double(rows.count)
            } else {
                strata.append(Stratum(rows: rows, probabilitySum: probability * Double(rows.count)))
            }
        }
        self.strata = strata
    }

    /// Draws a resample: how often each image counts.
    func resample(_ generator: inout SeededGenerator) -> [Double] {
        var weights = weights
        for stratum in strata where stratum.rows.count > 1 {
            let count = stratum.rows.count
            let share = max(0, 1 - stratum.probabilitySum / Double(count)).squareRoot()
            var drawn = [Int](repeating: 0, count: count)
            for _ in 1..<count { drawn[generator.index(below: count)] += 1 }
            for (row, times) in zip(stratum.rows, drawn) {
                weights[row] *= 1 - share + share * Double(times) * Double(count) / Double(count - 1)
            }
        }
        return weights
    }
}
