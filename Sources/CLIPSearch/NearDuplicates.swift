public import CLIPCore

/// Finds images that are nearly the same: every pair of a store with a cosine from a threshold on, joined to groups.
///
/// Exact: every vector is compared with every other, by products of blocks with blocks, in time that grows with the square
/// of the number of images. Vectors are held up to `heldBytes`; a larger store is read once for each part of it
/// that fits. Besides, memory holds 8 bytes an image and the ids of images in groups.
///
/// ```swift
/// for group in try NearDuplicates().run(store) { print(group.representative, group.members.count) }
/// ```
public struct NearDuplicates: Sendable {
    /// What counts as nearly the same, and how much may be used to find it.
    public struct Options: Sendable, Hashable {
        package var threshold: Float
        package var maximumPairs: Int
        package var heldBytes: Int

        /// Creates options.
        ///
        /// - Parameters:
        ///   - threshold: The least cosine of a pair, −1…1.
        ///   - maximumPairs: How many pairs there may be: more say that the threshold is too low.
        ///   - heldBytes: Bytes of vectors that are held at a time; 512 MiB hold 350,000 vectors of dimension 384.
        /// - Precondition: The threshold is from −1 to 1, and limits are positive.
        public init(threshold: Float = 0.97, maximumPairs: Int = 50_000_000, heldBytes: Int = 512 << 20) {
            precondition(-1...1 ~= threshold, "a cosine is from -1 to 1")
            precondition(maximumPairs > 0 && heldBytes > 0, "limits are positive")
            self.threshold = threshold
            self.maximumPairs = maximumPairs
            self.heldBytes = heldBytes
        }
    }

    /// How far rounding may move the cosine of two equal vectors, 10⁻⁶.
    ///
    /// A pair counts when its cosine falls short of the threshold by no more, so that a threshold of 1 finds equal vectors.
    static let rounding: Float = 1e-6

    private let options: Options

    /// Prepares a search.
    public init(options: Options = Options()) {
        self.options = options
    }

    /// Searches a store.
    ///
    /// - Parameters:
    ///   - store: The vectors.
    ///   - onProgress: Called after each block with the number of pairs that were compared, and of all pairs.
    /// - Returns: The groups, largest first, of equal size in the order of the store; none when no two images are near enough.
    /// - Throws: `CLIPError` with code `limitExceeded` when there are too many pairs, `unreadable` when the store changes
    ///   meanwhile; what the store throws.
    public func run(
        _ store: some EmbeddingReader,
        onProgress: (_ compared: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> [DuplicateGroup] {
        let total = store.count * (store.count - 1) / 2
        var compared = 0
        var pairCount = 0
        var joined = UnionFind(count: store.count)
        var start = 0
        while start < store.count {
            var held = HeldVectors(
                start: start,
                limit: vectorsHeld(dimension: store.provenance.dimension),
                expected: store.count - start,
                dimension: store.provenance.dimension,
                threshold: options.threshold - Self.rounding
            )
            try store.forEachBlock(from: start, rows: HeldVectors.tileRows) { block, position in
                let newlyCompared = try held.compare(block.embeddings, at: position) { first, second in
                    pairCount += 1
                    guard pairCount <= options.maximumPairs else { throw tooManyPairs(compared, total) }
                    joined.join(first, second)
                }
                compared += newlyCompared
                onProgress(compared, total)
            }
            start = held.end
        }
        return try groups(joined.groups(), store)
    }

    /// Reads the ids of groups, and compares their images with their representatives.
    private func groups(_ groups: [[Int]], _ store: some EmbeddingReader) throws -> [DuplicateGroup] {
        let limit = vectorsHeld(dimension: store.provenance.dimension)
        var result = [DuplicateGroup]()
        result.reserveCapacity(groups.count)
        for start in stride(from: 0, to: groups.count, by: limit) {
            let some = groups[start..<min(start + limit, groups.count)]
            var reading = DuplicateGroupReading(some, dimension: store.provenance.dimension)
            try store.forEachBlock(from: 0, rows: HeldVectors.tileRows) { block, position in
                reading.read(block, at: position)
            }
            result += reading.groups
        }
        return result
    }

    private func vectorsHeld(dimension: Int) -> Int {
        max(1, options.heldBytes / (dimension * MemoryLayout<Float>.stride))
    }

    private func tooManyPairs(_ compared: Int, _ total: Int) -> CLIPError {
        let share = Int(100 * Double(compared) / Double(total))
        return CLIPError(
            .limitExceeded,
            "More than \(options.maximumPairs) pairs of images have a cosine of \(options.threshold) or more, and only "
                + "\(share) % of all pairs were compared. Raise the threshold, or the limit if so many are to be expected."
        )
    }
}

extension EmbeddingReader {
    /// Calls `body` with consecutive blocks from a position on, and the position of each.
    ///
    /// - Throws: `CLIPError` with code `unreadable` when there are not as many vectors as before.
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
        CLIPError(.unreadable, "\(name) changed while it was read. Try again when nothing writes to it.")
    }
}
