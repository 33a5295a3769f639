/// A set of image ids in 16 bytes an id, whatever their length.
///
/// Ids are told apart by 128 bits of SipHash with a key chosen anew in each process. Of a billion ids, two share them
/// with a probability below 10⁻²⁰. Ids are compared by their bytes: texts that Unicode calls equivalent may be different
/// files.
public struct ImageIDSet: Sendable {
    private static let recentCount = 4096

    /// Sorted, each at least twice as long as the next: a hash table would take up to three times the memory, and, while
    /// it grows, more.
    private var runs = [[ImageIDKey]]()
    private var recent = Set<ImageIDKey>()

    /// Creates a set.
    package init(_ ids: some Sequence<String> = []) {
        for id in ids { insert(id) }
    }

    package init(keys: Set<ImageIDKey>) {
        if !keys.isEmpty { runs = [keys.sorted()] }
    }

    /// Number of ids.
    package var count: Int { runs.reduce(recent.count) { $0 + $1.count } }

    /// The ids, in no particular order.
    package var keys: some Sequence<ImageIDKey> { (runs + [Array(recent)]).joined() }

    /// Adds an id.
    ///
    /// - Returns: Whether it was not there yet.
    @discardableResult
    package mutating func insert(_ id: String) -> Bool {
        insert(ImageIDKey(id))
    }

    /// Adds an id.
    ///
    /// - Returns: Whether it was not there yet.
    @discardableResult
    package mutating func insert(_ key: ImageIDKey) -> Bool {
        guard !contains(key) else { return false }
        recent.insert(key)
        if recent.count == Self.recentCount { sortRecent() }
        return true
    }

    /// Whether an id is in the set.
    public func contains(_ id: String) -> Bool {
        contains(ImageIDKey(id))
    }

    /// Whether an id is in the set.
    package func contains(_ key: ImageIDKey) -> Bool {
        recent.contains(key) || runs.contains { $0.containsSorted(key) }
    }

    private mutating func sortRecent() {
        var run = recent.sorted()
        recent.removeAll(keepingCapacity: true)
        while let last = runs.last, last.count < 2 * run.count { run = runs.removeLast().merged(with: run) }
        runs.append(run)
    }
}

extension [ImageIDKey] {
    fileprivate func containsSorted(_ key: ImageIDKey) -> Bool {
        var range = indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if self[middle] == key { return true }
            range = self[middle] < key ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return false
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
