extension EmbeddingReader {
    /// The vectors of images with the given ids.
    ///
    /// Scans all ids of the store once and reads only the blocks that contain one of the images. Blocks the calling
    /// thread.
    ///
    /// ```swift
    /// let vectors = try store.vectors(for: ["cats/1.jpg", "gone.jpg"])  // [[0.03, …], nil]
    /// ```
    ///
    /// - Parameter ids: The ids, which may repeat; compared by their bytes.
    /// - Returns: For each id, in order, a vector of the store's dimension, or `nil` if the store does not contain the
    ///   id.
    /// - Throws: What reading the store throws.
    public func vectors(for ids: [String]) throws -> [[Float]?] {
        var found = [ImageIDKey: [Float]]()
        let keys = ids.map { ImageIDKey($0) }
        let wanted = Set(keys)
        try forEachPendingBlock(rows: rowsAtATime) { pending in
            let rows = pending.ids.enumerated().compactMap { row, id in
                let key = ImageIDKey(id)
                return wanted.contains(key) ? (row: row, key: key) : nil
            }
            guard !rows.isEmpty else { return }
            let block = try pending.read()
            for (row, key) in rows { found[key] = block.embeddings[row: row] }
        }
        return keys.map { found[$0] }
    }

    /// A random sample of rows, in store order.
    ///
    /// Every subset of the given size is equally likely. Reads only the blocks with a sampled row, and blocks the
    /// calling thread.
    ///
    /// - Parameters:
    ///   - count: The number of rows; if the store has fewer, all are returned.
    ///   - seed: Determines the sample.
    /// - Returns: The rows.
    /// - Throws: What reading the store throws.
    public func sample(count: Int, seed: UInt64) throws -> EmbeddingBlock {
        precondition(count >= 0, "the number of rows must not be negative")
        let total = self.count
        let chosen = Self.indices(min(count, total), below: total, seed: seed)
        var sample = EmbeddingBlock(ids: [], embeddings: EmbeddingMatrix(dimension: provenance.dimension))
        var start = 0
        try forEachPendingBlock(rows: rowsAtATime) { pending in
            let rows = pending.ids.indices.filter { chosen.contains(start + $0) }
            start += pending.ids.count
            if !rows.isEmpty { sample.append(try pending.read().rows(rows)) }
        }
        return sample
    }

    private var rowsAtATime: Int { 1024 }

    /// A random set of distinct indices, each set equally likely (Floyd's algorithm).
    private static func indices(_ count: Int, below bound: Int, seed: UInt64) -> Set<Int> {
        var generator = SeededGenerator(seed: seed)
        var chosen = Set<Int>()
        for last in bound - count..<bound {
            let candidate = Int.random(in: 0...last, using: &generator)
            chosen.insert(chosen.contains(candidate) ? last : candidate)
        }
        return chosen
    }
}
