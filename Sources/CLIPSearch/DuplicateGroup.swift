/// Images that are nearly the same.
///
/// Each is near enough to at least one other of the group. Two of them need not be near each other, where a chain of
/// others joins them.
public struct DuplicateGroup: Sendable, Hashable {
    /// One image of the group.
    public struct Member: Sendable, Hashable {
        /// The image's id.
        public let id: String
        /// The cosine of its vector with that of the representative, −1…1.
        public let cosine: Float
    }

    /// The images, at least two, in the order of the store; the first is the representative.
    public let members: [Member]

    /// The id of the image that stands for the group: the one that is stored first.
    public var representative: String { members[0].id }
}
