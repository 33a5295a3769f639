/// An embedded image found by a search.
public struct SearchHit: Sendable, Hashable {
    /// The image's id.
    public let id: String
    /// The image's position in the store, from 0.
    package let position: Int
    /// The cosine of its vector with the query, or with the representative of its ``DuplicateGroup``, −1…1.
    public let cosine: Float

    /// Whether this hit ranks before another: by larger cosine, then by position in the store.
    func isBetter(than other: SearchHit) -> Bool {
        cosine == other.cosine ? position < other.position : cosine > other.cosine
    }
}
