package import CLIPCore

extension ParquetStoreWriter {
    /// Stores all vectors of another store; one with an existing id replaces the older one.
    ///
    /// Does not finish the run.
    ///
    /// - Parameter reader: The other store, with the same model.
    /// - Returns: Number of vectors.
    /// - Throws: `CLIPError` with code `invalidEmbeddings` if two vectors of `reader` have the same id; what reading
    ///   and storing throw.
    package func importEmbeddings(from reader: some EmbeddingReader) throws -> Int {
        var ids = ImageIDSet()
        try reader.forEachBlock(rows: 4096) { block in
            if let id = block.ids.first(where: { !ids.insert($0) }) {
                throw CLIPError(.invalidEmbeddings, "\(reader.name) has two vectors with the id '\(id)'.")
            }
            try append(block)
        }
        return ids.count
    }
}
