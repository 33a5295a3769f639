public import CLIPCore
internal import Synchronization

/// Finds groups of near-duplicate images: all pairs of a store with a cosine of at least a threshold, joined by single
/// linkage.
///
/// The search is exact. Pairs that cannot reach the threshold are ruled out by upper bounds on their cosines, for many
/// images at a time where images are in clusters, and otherwise by short keys of their vectors; a sample of the store
/// decides whether keys save time. At most `heldBytes` of vectors and keys are held in memory; a larger store is read
/// once for each portion that fits, and once for the sample. In addition, memory holds 16 bytes per image and the ids of
/// images in groups.
///
/// ```swift
/// for group in try NearDuplicates().run(store) { print(group.members.map(\.id)) }
/// ```
public struct NearDuplicates: Sendable {
    /// The threshold and the limits of a search.
    public struct Options: Sendable, Hashable {
        package var threshold: Float
        package var maximumPairs: Int
        package var heldBytes: Int

        /// Creates options.
        ///
        /// - Parameters:
        ///   - threshold: The smallest cosine of a pair, −1…1.
        ///   - maximumPairs: The maximum number of pairs; more indicate that the threshold is too low.
        ///   - heldBytes: The maximum size of the vectors and their keys in memory; 512 MiB hold 300,000 vectors of
        ///     dimension 384.
        /// - Precondition: The threshold is from −1 to 1, and the limits are positive.
        public init(threshold: Float = 0.97, maximumPairs: Int = 50_000_000, heldBytes: Int = 512 << 20) {
            precondition(-1...1 ~= threshold, "a cosine is from -1 to 1")
            precondition(maximumPairs > 0 && heldBytes > 0, "limits are positive")
            self.threshold = threshold
            self.maximumPairs = maximumPairs
            self.heldBytes = heldBytes
        }
    }

    /// The maximum effect of rounding on the cosine of two equal vectors, 10⁻⁶.
    ///
    /// The threshold is lowered by this amount, so that a threshold of 1 finds equal vectors.
    static let rounding: Float = 1e-6
    /// The number of vectors from which on it pays to look for keys.
    private static let fewestVectorsWithKeys = 5000
    private static let sampleSize = 2048

    private let options: Options

    /// Creates a search.
    public init(options: Options = Options()) {
        self.options = options
    }

    /// Searches a store.
    ///
    /// - Parameters:
    ///   - store: The vectors.
    ///   - onProgress: Called after each block with the number of pairs compared and the total number of pairs.
    /// - Returns: The groups, largest first, and groups of equal size in store order; empty if no two images are near
    ///   enough.
    /// - Throws: `CLIPError` with code `limitExceeded` if there are too many pairs, `unreadable` if the store changes
    ///   during the search; what the store throws.
    public func run(
        _ store: some EmbeddingReader,
        onProgress: (_ compared: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> [DuplicateGroup] {
        try search(store, onProgress: onProgress).groups
    }

    /// Searches a store and counts the work.
    ///
    /// - Parameters:
    ///   - store: The vectors.
    ///   - keyLength: The length of keys; 0 compares whole vectors. By default, it is chosen.
    ///   - onProgress: Called as by ``run(_:onProgress:)``.
    /// - Returns: The groups and the work.
    /// - Throws: What ``run(_:onProgress:)`` throws.
    package func search(
        _ store: some EmbeddingReader,
        keyLength: Int? = nil,
        onProgress: (_ compared: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> (groups: [DuplicateGroup], work: PairWork) {
        let keys = try keys(for: store, length: keyLength)
        let total = store.count * (store.count - 1) / 2
        var compared = 0
        var work = PairWork(keyDimension: keys.dimension)
        let joined = Mutex(JoinedPairs(images: store.count, limit: options.maximumPairs))
        func join(_ pairs: [(Int, Int)]) -> Bool { joined.withLock { $0.join(pairs) } }
        func advance(_ count: Int) throws {
            guard !joined.withLock(\.isExceeded) else { throw tooManyPairs(compared, total) }
            compared += count
            onProgress(compared, total)
        }
        var start = 0
        while start < store.count {
            var held = HeldVectors(
                start: start,
                limit: vectorsHeld(dimension: store.provenance.dimension, keys),
                expected: store.count - start,
                dimension: store.provenance.dimension,
                keys: keys,
                threshold: threshold
            )
            try store.forEachBlock(from: start, rows: HeldVectors.blockRows) { block, position in
                guard !held.hold(block.embeddings) else { return }
                try held.compareAll(onPairs: join, onProgress: advance)
                held.compare(block.embeddings, at: position, onPairs: join)
                try advance((held.end - held.start) * block.ids.count)
            }
            try held.compareAll(onPairs: join, onProgress: advance)
            work += held.work
            start = held.end
        }
        return (try groups(joined.withLock { $0.found() }, store), work)
    }

    private var threshold: Float { options.threshold - Self.rounding }

    private func keys(for store: some EmbeddingReader, length: Int?) throws -> VectorKeys {
        let whole = VectorKeys(dimension: store.provenance.dimension)
        guard store.count >= (length == nil ? Self.fewestVectorsWithKeys : 1), length != 0 else { return whole }
        let sample = try store.sample(count: Self.sampleSize, seed: 1).embeddings
        guard let length else { return VectorKeys(for: sample, threshold: threshold) }
        return VectorKeys(length: length, sample: sample) ?? whole
    }

    /// Reads the ids of the groups' images and compares their vectors with the representatives'.
    private func groups(_ groups: [[Int]], _ store: some EmbeddingReader) throws -> [DuplicateGroup] {
        let dimension = store.provenance.dimension
        let limit = vectorsHeld(dimension: dimension, VectorKeys(dimension: dimension))
        var result = [DuplicateGroup]()
        result.reserveCapacity(groups.count)
        for start in stride(from: 0, to: groups.count, by: limit) {
            let some = groups[start..<min(start + limit, groups.count)]
            var reading = DuplicateGroupReading(some, dimension: store.provenance.dimension)
            try store.forEachBlock(from: 0, rows: HeldVectors.blockRows) { block, position in
                reading.read(block, at: position)
            }
            result += reading.groups
        }
        return result
    }

    private func vectorsHeld(dimension: Int, _ keys: VectorKeys) -> Int {
        // Ordering the keys takes a copy.
        let values = dimension + (keys.areShorter ? 2 * keys.dimension : 0)
        return max(1, options.heldBytes / (values * MemoryLayout<Float>.stride))
    }

    private func tooManyPairs(_ compared: Int, _ total: Int) -> CLIPError {
        let share = Int(100 * Double(compared) / Double(total))
        return CLIPError(
            .limitExceeded,
            "More than \(options.maximumPairs) pairs of images have a cosine of \(options.threshold) or more, and only "
                + "\(share) % of all pairs were compared. Raise the threshold, or raise the limit if you expect that many."
        )
    }
}

extension EmbeddingReader {
    /// Calls `body` with consecutive blocks starting at a position, and the position of each.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if the number of vectors has changed.
    fileprivate func forEachBlock(
        from start: Int,
        rows: Int,
        _ body: (_ block: EmbeddingBlock, _ position: Int) throws -> Void
    ) throws {
        var position = 0
        try forEachBlock(rows: rows) { block in
            let end = position + block.ids.count
            defer { position = end }
            guard end <= count else { throw changed }
            if position >= start {
                try body(block, position)
            } else if end > start {
                try body(block.rows(start - position..<block.ids.count), start)
            }
        }
        guard position == count else { throw changed }
    }

    private var changed: CLIPError {
        CLIPError(.unreadable, "\(name) changed while it was read. Try again when no run is writing to it.")
    }
}
