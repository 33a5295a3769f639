internal import CLIPCore

/// Reads and checks what is in staged files.
enum StagedContents {
    private static let rowsPerBlock = 4096

    /// Checks a file with vectors: its columns, its model, and that all vectors are of unit length.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch`, `corruptData`, `invalidEmbeddings` or `unreadable`.
    static func check(_ file: StagedFile, model: ModelDescription) throws -> StoreIdentity {
        let reader = try file.opened()
        let part = try StorePart(reader)
        try part.identity.provenance.requireModel(model, store: file.path)
        guard part.identity.schema.dimension == model.embeddingDimension else {
            throw file.problem(
                "has vectors of \(part.identity.schema.dimension) values, but the model's have "
                    + "\(model.embeddingDimension)"
            )
        }
        let columns = try reader.columns().map { "\($0.name) (Arrow format \($0.format))" }
        let expected = part.identity.schema.fields.map { "\($0.name) (Arrow format \($0.kind.format))" }
        guard columns == expected else {
            throw file.problem(
                "has the columns \(columns.joined(separator: ", ")); a part has \(expected.joined(separator: ", "))"
            )
        }
        do {
            try part.forEachPendingBlock(rows: rowsPerBlock, origins: false) { _ = try $0.read() }
        } catch let error as CLIPError where error.code == .corruptData {
            throw error.advising("Run the job again.")
        }
        return part.identity
    }

    /// The failed images that a file lists.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`.
    static func failures(_ file: StagedFile) throws -> [FailedImage] {
        let reader = try file.opened()
        var failures = [FailedImage]()
        try reader.forEachBatch(columns: ["id", "stage", "reason", "bytes"], rows: rowsPerBlock) { batch in
            let (ids, stages) = (try batch.texts("id"), try batch.texts("stage"))
            let (reasons, bytes) = (try batch.texts("reason"), try batch.integers("bytes"))
            for row in ids.indices {
                guard let stage = RunStage(rawValue: stages[row]) else {
                    throw file.problem("says that '\(ids[row])' failed at the stage '\(stages[row])', which is unknown")
                }
                let byteCount = bytes[row].flatMap { Int(exactly: $0) }
                failures.append(FailedImage(id: ids[row], stage: stage, reason: reasons[row], byteCount: byteCount))
            }
        }
        return failures
    }
}
