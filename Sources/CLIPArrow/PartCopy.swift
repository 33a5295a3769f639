internal import CLIPCore

/// Copies rows of parts into a new part.
struct PartCopy {
    let identity: StoreIdentity
    let layout: StoreLayout
    let files: StoreFiles

    private static let rowsPerBatch = 1024

    /// Copies the rows of some parts, in their order, but for those of some images.
    ///
    /// - Returns: The part, completed under its hidden name; `nil` when there are no rows.
    /// - Throws: `CLIPError` with code `storage`, or `corruptData` when a part is damaged.
    func write(
        _ parts: [PartName],
        to name: PartName,
        without removed: Set<ImageIDKey> = []
    ) throws -> ParquetFileWriter? {
        let writer = try ParquetFileWriter(
            path: layout.path(name),
            fields: identity.schema.fields,
            metadata: identity.provenance.metadata,
            files: files
        )
        var rowCount = 0
        for part in parts {
            let file = try ParquetFileReader(path: layout.path(part))
            try StoreSchema(file).forEachPendingBlock(of: file, rows: Self.rowsPerBatch, origins: true) { pending in
                let block = try pending.read()
                let kept = block.ids.indices.filter { !removed.contains(ImageIDKey(block.ids[$0])) }
                guard !kept.isEmpty else { return }
                rowCount += kept.count
                try writer.write(identity.schema.table(block.rows(kept)))
            }
        }
        guard rowCount > 0 else { return nil }
        try writer.complete()
        return writer
    }
}

extension EmbeddingBlock {
    /// Some rows, in the given order.
    func rows(_ rows: [Int]) -> EmbeddingBlock {
        var embeddings = EmbeddingMatrix(dimension: embeddings.dimension, capacity: rows.count)
        for row in rows { embeddings.append(self.embeddings[row: row]) }
        return EmbeddingBlock(
            ids: rows.map { ids[$0] },
            embeddings: embeddings,
            origins: origins.isEmpty ? [] : rows.map { origins[$0] }
        )
    }
}
