internal import CLIPCore

/// Counts of scores in bins of equal width, for positive, negative and unlabelled images.
///
/// ``text(columns:threshold:)`` draws it for a terminal.
package struct ScoreHistogram: Sendable, Hashable {
    /// The number of images in a bin, by label.
    package struct Bin: Sendable, Hashable {
        /// Labelled as belonging to the category.
        package var positives = 0
        /// Labelled as not belonging to it.
        package var negatives = 0
        /// Without a label.
        package var unlabelled = 0

        /// All images.
        package var count: Int { positives + negatives + unlabelled }
    }

    /// The bins, from the lowest scores to the highest.
    package let bins: [Bin]
    /// The lower bound of the first bin.
    package let start: Double
    /// The width of a bin, positive.
    package let width: Double

    /// Counts scores.
    ///
    /// - Parameters:
    ///   - scores: Finite numbers, at least one.
    ///   - labels: One per score, `nil` if unknown; empty if none is known.
    ///   - binCount: Number of bins.
    package init(scores: [Float], labels: [Bool?] = [], binCount: Int = 20) {
        precondition(binCount > 0, "there is at least one bin")
        precondition(labels.isEmpty || labels.count == scores.count, "every score has a label, if only nil")
        guard let lowest = scores.min(), let highest = scores.max() else { preconditionFailure("there is a score") }
        start = Double(lowest)
        // If all scores are equal, any width works.
        width = highest > lowest ? (Double(highest) - start) / Double(binCount) : 1
        var bins = [Bin](repeating: Bin(), count: binCount)
        for (index, score) in scores.enumerated() {
            let bin = min(Int((Double(score) - start) / width), binCount - 1)
            switch labels.isEmpty ? nil : labels[index] {
            case true?: bins[bin].positives += 1
            case false?: bins[bin].negatives += 1
            case nil: bins[bin].unlabelled += 1
            }
        }
        self.bins = bins
    }

    /// The bin of a score; scores beyond the ends fall into the first or last bin.
    package func bin(of score: Float) -> Int {
        Int(min(max((Double(score) - start) / width, 0), Double(bins.count - 1)))
    }

    /// The bins at the clearest gap between scores: adjacent bins of equal count, with higher bins on both sides; `nil`
    /// if there is no clear gap.
    ///
    /// Of all such valleys, the one with the smallest `(count + 1) / (peak + 1)` below one half, where the peak is the
    /// lower of the highest bins on its two sides. Ties go to the widest valley, then to the first.
    package var gap: ClosedRange<Int>? {
        var best: (emptiness: Double, width: Int, bins: ClosedRange<Int>)?
        var first = 0
        while first < bins.count {
            let count = bins[first].count
            let last = bins[first...].prefix { $0.count == count }.endIndex - 1
            let left = bins[..<first].map(\.count).max() ?? 0
            let right = bins[(last + 1)...].map(\.count).max() ?? 0
            let emptiness = Double(count + 1) / Double(min(left, right) + 1)
            if emptiness < min(0.5, best?.emptiness ?? 1)
                || emptiness == best?.emptiness && last - first + 1 > best?.width ?? 0
            {
                best = (emptiness, last - first + 1, first...last)
            }
            first = last + 1
        }
        return best?.bins
    }
}

extension ScoreHistogram {
    /// Draws the histogram as text for a terminal, with the highest scores first.
    ///
    /// ```
    /// 0.112     9  +++++++++
    /// 0.104     4  ++++++          <- threshold 0.1009
    /// 0.096     0                  <- gap
    /// 0.088    25  ---------------
    /// ```
    ///
    /// Each line has a bin's lower bound, its number of images, and a bar: `+` positive, `-` negative, `#` unlabelled.
    /// Its length is proportional to the square root of the number, so that small counts remain visible beside large
    /// ones.
    ///
    /// - Parameters:
    ///   - columns: Width of a line, at least 60.
    ///   - threshold: The score from which images match.
    /// - Returns: One line per bin, without a line break at the end.
    package func text(columns: Int = 80, threshold: Float) -> String {
        precondition(columns >= 60, "a line has room for a bar and its marks")
        let digits = max(3, Int((-Self.exponent(of: width)).rounded(.up)) + 1)
        let starts = bins.indices.map { DecimalText.fixed(start + Double($0) * width, digits: digits) }
        let counts = bins.map { "\($0.count)" }
        let startWidth = starts.map(\.count).max() ?? 0
        let countWidth = counts.map(\.count).max() ?? 0
        let mark = "<- threshold \(DecimalText.fixed(Double(threshold), digits: digits + 1)), gap"
        let room = columns - startWidth - countWidth - mark.count - 5
        let longest = Double(bins.map(\.count).max() ?? 1).squareRoot()
        let scale = Double(room - 2) / longest
        let gap = gap
        return bins.indices.reversed().map { bin in
            var marks = [String]()
            if bin == self.bin(of: threshold) {
                marks.append("threshold \(DecimalText.fixed(Double(threshold), digits: digits + 1))")
            }
            if gap?.contains(bin) == true { marks.append("gap") }
            let bar = Self.bar(bins[bin], length: scale * Double(bins[bin].count).squareRoot())
            let line = [Self.right(starts[bin], startWidth), Self.right(counts[bin], countWidth), bar]
                .joined(separator: "  ")
            guard !marks.isEmpty else { return bar.isEmpty ? String(line.dropLast(2)) : line }
            let space = String(repeating: " ", count: max(1, room - bar.count + 1))
            return "\(line)\(space)<- \(marks.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    /// A bar whose segments are proportional to the counts, with at least one character for each non-empty kind.
    private static func bar(_ bin: Bin, length: Double) -> String {
        [(bin.positives, "+"), (bin.negatives, "-"), (bin.unlabelled, "#")].map { count, character in
            let share = count == 0 ? 0 : length * Double(count) / Double(bin.count)
            return String(repeating: character, count: count == 0 ? 0 : max(1, Int(share.rounded())))
        }.joined()
    }

    /// The exponent of a positive number in base 10.
    private static func exponent(of value: Double) -> Double {
        var value = value
        var exponent = 0.0
        while value < 1, exponent > -12 {
            value *= 10
            exponent -= 1
        }
        return exponent
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: width - text.count) + text
    }
}
