/// The work of comparing pairs.
package struct PairWork: Sendable, Hashable {
    /// Inner products of keys.
    package var keyProducts = 0
    /// Inner products of whole vectors.
    package var fullProducts = 0
    /// Pairs found.
    package var pairs = 0
    /// Length of the keys.
    package var keyDimension = 0

    /// The multiplications for vectors of a dimension.
    package func multiplications(dimension: Int) -> Int {
        keyProducts * keyDimension + fullProducts * dimension
    }

    static func += (work: inout PairWork, other: PairWork) {
        work.keyProducts += other.keyProducts
        work.fullProducts += other.fullProducts
        work.pairs += other.pairs
    }
}
