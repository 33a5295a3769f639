package import CLIPCore

extension ParquetEmbeddings {
    private static let rowsPerBlock = 1024

    /// Some rows, chosen evenly at random, with what they were made from, in the order they were stored.
    ///
    /// Parts without a chosen row are not read.
    ///
    /// - Parameters:
    ///   - count: Number of rows; of a smaller store, all are returned.
    ///   - seed: Another seed chooses other rows.
    /// - Returns: The rows.
    /// - Throws: `CLIPError` when a file is damaged or a vector is not of unit length.
    package func sample(count: Int, seed: UInt64) throws -> EmbeddingBlock {
        precondition(count >= 0, "there are no fewer rows than none")
        let chosen = Self.indices(min(count, self.count), below: self.count, seed: seed)
        var ids = [String]()
        var embeddings = EmbeddingMatrix(dimension: provenance.dimension, capacity: chosen.count)
        var origins = [ImageOrigin]()
        var start = 0
        for part in parts {
            let end = start + part.rowCount
            defer { start = end }
            guard chosen.contains(where: { (start..<end).contains($0) }) else { continue }
            var row = start
            try part.forEachPendingBlock(rows: Self.rowsPerBlock, origins: true) { pending in
                let block = try pending.read()
                let kept = block.rows(block.ids.indices.filter { chosen.contains(row + $0) })
                row += block.ids.count
                ids += kept.ids
                embeddings.append(contentsOf: kept.embeddings)
                origins += kept.origins
            }
        }
        return EmbeddingBlock(ids: ids, embeddings: embeddings, origins: origins)
    }

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
