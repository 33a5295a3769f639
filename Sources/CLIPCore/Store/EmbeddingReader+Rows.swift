extension EmbeddingReader {
    /// The vectors of some images, by their ids.
    ///
    /// Looks through all ids of the store once, and reads only the blocks with one of the images. It blocks its thread
    /// meanwhile.
    ///
    /// ```swift
    /// let vectors = try store.vectors(for: ["cats/1.jpg", "gone.jpg"])  // [[0.03, …], nil]
    /// ```
    ///
    /// - Parameter ids: The ids, which may repeat; they are told apart by their bytes.
    /// - Returns: A vector of the store's dimension for each id, in the order of `ids`, and `nil` for one that is not stored.
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

    /// Some rows, chosen evenly at random, in the order they were stored.
    ///
    /// Reads only the blocks with a chosen row, and blocks its thread meanwhile.
    ///
    /// - Parameters:
    ///   - count: Number of rows; of a smaller store, all are returned.
    ///   - seed: Another seed chooses other rows.
    /// - Returns: The rows.
    /// - Throws: What reading the store throws.
    public func sample(count: Int, seed: UInt64) throws -> EmbeddingBlock {
        precondition(count >= 0, "there are no fewer rows than none")
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

    /// Different numbers, each set of them equally likely (Floyd's algorithm).
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
