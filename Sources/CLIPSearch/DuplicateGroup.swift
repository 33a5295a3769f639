/// Images that are nearly the same.
///
/// Each is near enough to at least one other of the group. Two of them need not be near each other, where a chain of
/// others joins them.
public struct DuplicateGroup: Sendable, Hashable {
    /// The images, at least two, in the order of the store; the first is the representative, and cosines are with its vector.
    public let members: [SearchHit]

    /// The id of the image that stands for the group: the one that is stored first.
    package var representative: String { members[0].id }
}
