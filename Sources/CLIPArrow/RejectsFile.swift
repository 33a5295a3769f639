internal import CLIPCore

/// `rejects.parquet`: the images that the last run rejected, and whether it came to its end.
enum RejectsFile {
    private static let completeKey = "openclip.complete"
    private static let fields =
        ["id", "stage", "reason"].map { Field(name: $0, kind: .text) } + [Field(name: "bytes", kind: .integer)]
    private static let rowsPerWrite = 1024

    /// Whether the run that wrote the store came to its end.
    ///
    /// Version 0.1 wrote the file at the end of a run, and nothing about it.
    ///
    /// - Throws: ``CLIPError`` with code `corruptData`.
    static func isComplete(_ layout: StoreLayout) throws -> Bool {
        try open(layout).map { $0.metadata(completeKey) != "false" } ?? false
    }

    /// Replaces the file.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    static func write(
        _ rejects: [RejectedImage],
        isComplete: Bool,
        metadata: [(key: String, value: String)],
        layout: StoreLayout,
        files: StoreFiles
    ) throws {
        let writer = try ParquetFileWriter(
            path: layout.rejects,
            fields: fields,
            metadata: metadata + [(completeKey, String(isComplete))],
            options: .init(dictionary: true, isCompressed: true),
            files: files
        )
        for start in stride(from: 0, to: rejects.count, by: rowsPerWrite) {
            let rows = rejects[start..<min(start + rowsPerWrite, rejects.count)]
            try writer.write([
                .text(rows.map(\.id)), .text(rows.map(\.stage.rawValue)), .text(rows.map(\.reason)),
                .integers(rows.map { $0.byteCount.map(Int64.init) }),
            ])
        }
        try writer.close()
    }

    /// Calls `body` with the id, stage and reason of each rejected image.
    ///
    /// - Throws: ``CLIPError`` with code `corruptData`; what `body` throws.
    static func forEach(_ layout: StoreLayout, _ body: (_ id: String, _ stage: String, _ reason: String) -> Void) throws
    {
        try open(layout)?.forEachBatch(columns: ["id", "stage", "reason"], rows: rowsPerWrite) { batch in
            let ids = try batch.texts("id")
            let stages = try batch.texts("stage")
            let reasons = try batch.texts("reason")
            for row in ids.indices { body(ids[row], stages[row], reasons[row]) }
        }
    }

    private static func open(_ layout: StoreLayout) throws -> ParquetFileReader? {
        do {
            return try ParquetFileReader(path: layout.rejects)
        } catch let error as CLIPError where error.code == .notFound {
            return nil
        }
    }
}
