/// Groups of images joined by pairs, up to a number of pairs.
struct JoinedPairs: Sendable {
    private var groups: UnionFind
    private let limit: Int
    private var count = 0

    /// Whether there were more pairs than the limit.
    var isExceeded: Bool { count > limit }

    /// Creates groups of one image each.
    init(images: Int, limit: Int) {
        groups = UnionFind(count: images)
        self.limit = limit
    }

    /// Joins pairs; returns whether more are accepted.
    mutating func join(_ pairs: [(Int, Int)]) -> Bool {
        count += pairs.count
        guard !isExceeded else { return false }
        for (first, second) in pairs { groups.join(first, second) }
        return true
    }

    /// The groups of at least two images, as by ``UnionFind/groups()``.
    mutating func found() -> [[Int]] {
        groups.groups()
    }
}
