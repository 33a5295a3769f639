/// An embedded image that a search found.
public struct SearchHit: Sendable, Hashable {
    /// The image's id.
    public let id: String
    /// Its place in the store, from 0.
    package let position: Int
    /// The cosine of its vector with the query, or with the representative of its ``DuplicateGroup``, −1…1.
    public let cosine: Float

    /// Whether it comes before another hit: the larger cosine, and of equal ones the one that is stored first.
    func isBetter(than other: SearchHit) -> Bool {
        cosine == other.cosine ? position < other.position : cosine > other.cosine
    }
}
