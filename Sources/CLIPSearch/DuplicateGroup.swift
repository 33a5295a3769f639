/// A group of near-duplicate images.
///
/// Groups are formed by single linkage: each image is near enough to at least one other, so two images of a group may
/// be connected only by a chain of others.
public struct DuplicateGroup: Sendable, Hashable {
    /// The images, at least two, in store order.
    ///
    /// The first is the representative; all cosines are with its vector.
    public let members: [SearchHit]

    /// The id of the representative, which is the image that comes first in the store.
    package var representative: String { members[0].id }
}
