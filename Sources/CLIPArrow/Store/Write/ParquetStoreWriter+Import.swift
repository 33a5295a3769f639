package import CLIPCore

extension ParquetStoreWriter {
    /// Stores all vectors of another store; one whose id is stored already replaces the older one.
    ///
    /// The run is still to be finished.
    ///
    /// - Parameter reader: The other store, of the same model.
    /// - Returns: Number of vectors.
    /// - Throws: `CLIPError` with code `invalidEmbeddings` when two vectors of `reader` have one id; what reading and
    ///   storing throw.
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
