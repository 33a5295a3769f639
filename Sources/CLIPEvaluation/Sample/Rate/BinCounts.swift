/// The labels in each bin of a ranking.
package struct BinCounts: Sendable, Hashable {
    /// Number of labelled images.
    package private(set) var labelled: [Int]
    /// Number of those that are positive.
    package private(set) var positive: [Int]
    /// Number of labels that are worth as much as these if all had the same probability of being drawn.
    private(set) var effectiveLabelled: [Double]
    /// The positive share of them.
    private(set) var effectivePositive: [Double]

    /// Creates counts without labels.
    package init(binCount: Int) {
        labelled = [Int](repeating: 0, count: binCount)
        positive = labelled
        effectiveLabelled = [Double](repeating: 0, count: binCount)
        effectivePositive = effectiveLabelled
    }

    /// Counts labels.
    ///
    /// Images in a bin were usually drawn with the same probability. If they were drawn for another category file, they
    /// were not: then the bin's rate is Hájek's (1971) weighted mean, and its number of labels is Kish's (1965)
    /// effective sample size, `(Σ w)² / Σ w²` with the weights `w = 1 / probability`.
    ///
    /// - Parameters:
    ///   - labels: The bin of each label, whether it is positive, and the probability with which it was drawn.
    ///   - binCount: Number of bins.
    package init(_ labels: some Sequence<(bin: Int, isPositive: Bool, probability: Double)>, binCount: Int) {
        self.init(binCount: binCount)
        var shares = [Share](repeating: Share(), count: binCount)
        for label in labels {
            labelled[label.bin] += 1
            if label.isPositive { positive[label.bin] += 1 }
            shares[label.bin].add(isSuccess: label.isPositive, weight: 1 / label.probability)
        }
        effectiveLabelled = shares.map(\.effectiveCount)
        effectivePositive = shares.map { $0.effectiveCount * ($0.value ?? 0) }
    }
}
