internal import CLIPCore

/// Copies rows of parts into a new part.
struct PartCopy {
    /// A file to copy rows from.
    struct Input {
        let path: String
        var dropped = DroppedRows()
    }

    let identity: StoreIdentity
    let layout: StoreLayout
    let files: StoreFiles

    private static let rowsPerBatch = 1024

    /// Copies the rows of the files, in order.
    ///
    /// - Returns: The closed part under its hidden name; `nil` if there are no rows.
    /// - Throws: `CLIPError` with code `storage`; `corruptData` or `unreadable` if a file is damaged.
    func write(_ inputs: [Input], to name: PartName) throws -> ParquetFileWriter? {
        let writer = try ParquetFileWriter(
            path: layout.path(name),
            fields: identity.schema.fields,
            metadata: identity.provenance.metadata,
            files: files
        )
        var rowCount = 0
        for input in inputs {
            var dropped = input.dropped
            let file = try ParquetFileReader(path: input.path)
            try StoreSchema(file).forEachPendingBlock(of: file, rows: Self.rowsPerBatch, origins: true) { pending in
                let block = try pending.read()
                let kept = block.ids.indices.filter { !dropped.takes(block.ids[$0]) }
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
