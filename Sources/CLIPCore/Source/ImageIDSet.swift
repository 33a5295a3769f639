/// A set of image ids that takes 16 bytes per id, whatever their length.
///
/// Ids are compared by a 128-bit SipHash of their bytes, with a random key per process. In a billion ids, the
/// probability of a collision is below 10⁻²⁰. Comparing bytes keeps apart texts that Unicode considers equivalent,
/// which may be different files.
public struct ImageIDSet: Sendable {
    private static let recentCount = 4096

    /// Sorted runs, each at least twice as long as the next.
    ///
    /// A hash table would take up to three times the memory, and
    /// more while it grows.
    private var runs = [[ImageIDKey]]()
    private var recent = Set<ImageIDKey>()

    /// Creates a set.
    public init(_ ids: some Sequence<String> = []) {
        for id in ids { insert(id) }
    }

    package init(keys: Set<ImageIDKey>) {
        if !keys.isEmpty { runs = [keys.sorted()] }
    }

    /// The number of ids.
    package var count: Int { runs.reduce(recent.count) { $0 + $1.count } }

    /// The ids in arbitrary order.
    package var keys: some Sequence<ImageIDKey> { (runs + [Array(recent)]).joined() }

    /// Adds an id.
    ///
    /// - Returns: Whether the id is new.
    @discardableResult
    package mutating func insert(_ id: String) -> Bool {
        insert(ImageIDKey(id))
    }

    /// Adds an id.
    ///
    /// - Returns: Whether the id is new.
    @discardableResult
    package mutating func insert(_ key: ImageIDKey) -> Bool {
        guard !contains(key) else { return false }
        recent.insert(key)
        if recent.count == Self.recentCount { sortRecent() }
        return true
    }

    /// Whether the set contains an id.
    public func contains(_ id: String) -> Bool {
        contains(ImageIDKey(id))
    }

    /// Whether the set contains an id.
    package func contains(_ key: ImageIDKey) -> Bool {
        recent.contains(key) || runs.contains { $0.sortedIndex(of: key) != nil }
    }

    private mutating func sortRecent() {
        var run = recent.sorted()
        recent.removeAll(keepingCapacity: true)
        while let last = runs.last, last.count < 2 * run.count { run = runs.removeLast().merged(with: run) }
        runs.append(run)
    }
}

extension [ImageIDKey] {
    /// The position of a key in this array, which is in ascending order; `nil` if it is absent.
    package func sortedIndex(of key: ImageIDKey) -> Int? {
        var range = indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if self[middle] == key { return middle }
            range = self[middle] < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    fileprivate func merged(with other: [ImageIDKey]) -> [ImageIDKey] {
        [ImageIDKey](unsafeUninitializedCapacity: count + other.count) { merged, initializedCount in
            var (left, right) = (self[...], other[...])
            while let first = left.first ?? right.first {
                let isLeft = !left.isEmpty && (right.first.map { first < $0 } ?? true)
                merged.initializeElement(at: initializedCount, to: isLeft ? left.removeFirst() : right.removeFirst())
                initializedCount += 1
            }
        }
    }
}
