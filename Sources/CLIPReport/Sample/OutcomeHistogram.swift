package import CLIPCore

/// A histogram of scores, built in one pass and bounded memory without knowing their range.
///
/// Bin edges are multiples of the bin width, which is the smallest power of two from 2⁻²⁰ for which ``maximumBins``
/// bins cover all scores. The result therefore does not depend on the order of the scores.
package struct OutcomeHistogram: Sendable, Hashable {
    /// The maximum number of bins.
    package static let maximumBins = 384

    /// The number of images in a bin, by outcome.
    package struct Bin: Sendable, Hashable {
        /// Images that match.
        package var matches = 0
        /// Images with a sufficient score that fail the neutral test.
        package var heldBack = 0
        /// Images below the threshold.
        package var below = 0
        /// Images below the threshold that also fail the neutral test.
        package var belowAndHeldBack = 0

        /// Creates a bin.
        package init(matches: Int = 0, heldBack: Int = 0, below: Int = 0, belowAndHeldBack: Int = 0) {
            self.matches = matches
            self.heldBack = heldBack
            self.below = below
            self.belowAndHeldBack = belowAndHeldBack
        }

        mutating func add(_ other: Bin) {
            matches += other.matches
            heldBack += other.heldBack
            below += other.below
            belowAndHeldBack += other.belowAndHeldBack
        }
    }

    /// Width of a bin.
    package private(set) var width = 0x1p-20
    /// The bins from the first to the last non-empty one; each includes its lower edge but not its upper one.
    package private(set) var bins = [Bin]()
    /// The lower edge of the first bin, in multiples of the width.
    private var first = 0

    /// The lower edge of the first bin; 0 if there are none.
    package var start: Double { Double(first) * width }

    /// Creates an empty histogram.
    package init() {}

    /// Counts a score; ignores one that is not finite.
    ///
    /// - Parameters:
    ///   - score: The score.
    ///   - outcome: The outcome.
    ///   - passesNeutralTest: Whether the image would match if its score reached the threshold.
    package mutating func add(_ score: Float, _ outcome: Outcome, passesNeutralTest: Bool = true) {
        guard score.isFinite else { return }
        let score = Double(score)
        while abs(score) / width > 0x1p52 { doubleWidth() }
        var place = Int((score / width).rounded(.down))
        while spread(with: place) > Self.maximumBins {
            doubleWidth()
            place >>= 1
        }
        extend(to: place)
        switch outcome {
        case .match: bins[place - first].matches += 1
        case .belowNeutral: bins[place - first].heldBack += 1
        case .belowThreshold:
            bins[place - first].below += 1
            if !passesNeutralTest { bins[place - first].belowAndHeldBack += 1 }
        }
    }

    /// The number of bins needed to include one at `place`.
    private func spread(with place: Int) -> Int {
        bins.isEmpty ? 1 : max(first + bins.count, place + 1) - min(first, place)
    }

    private mutating func extend(to place: Int) {
        if bins.isEmpty { first = place }
        let before = max(first - place, 0)
        let after = max(place - first - bins.count + 1, 0)
        bins.insert(contentsOf: repeatElement(Bin(), count: before), at: 0)
        bins.append(contentsOf: repeatElement(Bin(), count: after))
        first = min(first, place)
    }

    private mutating func doubleWidth() {
        width *= 2
        let merged = first >> 1
        var wider = [Bin]()
        for (index, bin) in bins.enumerated() {
            let place = (first + index) >> 1 - merged
            if place == wider.count { wider.append(Bin()) }
            wider[place].add(bin)
        }
        first = merged
        bins = wider
    }
}
