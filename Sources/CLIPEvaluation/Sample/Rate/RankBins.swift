/// A category's ranking cut into bins: the matching images by falling score, then the others by falling score.
///
/// Bins end at steps of a quarter of `z = Φ⁻¹(1 − rank / count)`, counted from the last match, so that they grow
/// geometrically with the distance from the top, and no bin contains both matching and other images. Because only ranks
/// count, a monotone transformation of the scores changes nothing.
package struct RankBins: Sendable, Hashable {
    /// The first rank of each bin, and at the end the number of images.
    package let edges: [Int]
    /// The number of bins of matching images, which come first.
    package let matchingBins: Int
    /// `z` between the last match and the first other image.
    let boundary: Double
    /// `z` in the middle of each bin, falling.
    package let positions: [Double]

    /// The distance in `z` between two edges.
    private static let step = 0.25
    /// All images below this `z` share a bin.
    private static let lowest = -1.0
    /// The number of images in a bin, except if there are fewer matching or other images.
    private static let minimumSize = 4

    /// Number of bins.
    package var count: Int { positions.count }
    /// Number of images in each bin.
    package var sizes: [Int] { (0..<count).map(size) }
    /// Number of images.
    package var imageCount: Int { edges[edges.count - 1] }
    /// Number of matching images.
    package var matchCount: Int { edges[matchingBins] }

    /// Cuts a ranking.
    ///
    /// - Parameters:
    ///   - count: Number of images, positive.
    ///   - matches: Number of images that match.
    package init(count: Int, matches: Int) {
        precondition(count > 0 && 0...count ~= matches, "there are images, and matches are among them")
        func position(_ rank: Double) -> Double { Self.position(ofRank: rank, of: count) }
        func rank(_ position: Double) -> Int { Self.rank(atPosition: position, of: count) }
        let boundary = position(Double(matches))
        var above = matches > 0 ? [matches] : []
        for step in 1... {
            let edge = rank(boundary + Double(step) * Self.step)
            guard edge >= Self.minimumSize else { break }
            if let last = above.last, last - edge >= Self.minimumSize { above.append(edge) }
        }
        var edges = [0] + above.reversed()
        matchingBins = edges.count - 1
        var below = boundary - Self.step
        while below > Self.lowest {
            let edge = rank(below)
            if edge - edges[edges.count - 1] >= Self.minimumSize, count - edge >= Self.minimumSize {
                edges.append(edge)
            }
            below -= Self.step
        }
        if edges[edges.count - 1] < count { edges.append(count) }
        positions = edges.indices.dropLast().map { position(Double(edges[$0] + edges[$0 + 1]) / 2) }
        self.edges = edges
        self.boundary = boundary
    }

    /// `z` of a rank, a number of images from the top.
    func position(ofRank rank: Double) -> Double { Self.position(ofRank: rank, of: imageCount) }

    private static func position(ofRank rank: Double, of count: Int) -> Double {
        NormalDistribution.upperQuantile(min(max(rank, 0.5), Double(count) - 0.5) / Double(count))
    }

    private static func rank(atPosition position: Double, of count: Int) -> Int {
        Int((Double(count) * NormalDistribution.upperTail(position)).rounded())
    }

    /// A number of matches that is near another, and on a grid that depends on the number of images alone: the edges of
    /// bins that start at it say nothing about the images there.
    static func roundedMatches(_ matches: Int, of count: Int) -> Int {
        let position = (position(ofRank: Double(matches), of: count) / step).rounded() * step
        return min(max(rank(atPosition: position, of: count), 1), count)
    }

    /// The last ranks of equal parts of each bin, or of its images if it has fewer.
    func divided(into parts: Int) -> [Int] {
        (0..<count).flatMap { bin in
            let parts = min(parts, size(bin))
            return (1...parts).map { edges[bin] + size(bin) * $0 / parts }
        }
    }

    /// Number of images in a bin.
    func size(_ bin: Int) -> Int { edges[bin + 1] - edges[bin] }

    /// The bin of a rank.
    package func bin(ofRank rank: Int) -> Int {
        var (low, high) = (0, count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if edges[middle] <= rank { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// The strata within which images are drawn: pairs of neighbouring bins, both matching or both not.
    package var strata: [Range<Int>] {
        let matching = stride(from: matchingBins, to: 0, by: -2).map { max($0 - 2, 0)..<$0 }
        return matching.reversed()
            + stride(from: matchingBins, to: count, by: 2).map { $0..<min($0 + 2, count) }
    }
}
