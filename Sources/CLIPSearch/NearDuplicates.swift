public import CLIPCore

/// Finds groups of near-duplicate images: all pairs of a store with a cosine of at least a threshold, joined by single
/// linkage.
///
/// The search is exact: every vector is compared with every other in block matrix products, in time quadratic in the
/// number of images. At most `heldBytes` of vectors are held in memory; a larger store is read once for each portion
/// that fits. In addition, memory holds 8 bytes per image and the ids of images in groups.
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
        ///   - heldBytes: The maximum size of the vectors in memory; 512 MiB hold 350,000 vectors of dimension 384.
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

    /// Reads the ids of the groups' images and compares their vectors with the representatives'.
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
