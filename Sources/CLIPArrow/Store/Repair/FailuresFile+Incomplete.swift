internal import CLIPCore

extension FailuresFile {
    /// Notes that a run has to complete the store; does nothing if there is no list of failures.
    ///
    /// Images that failed at a stage that this version does not know are left out.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `storage`.
    static func markIncomplete(_ layout: StoreLayout, files: StoreFiles) throws {
        guard let file = try open(layout) else { return }
        var failures = [FailedImage]()
        try file.forEachBatch(columns: ["id", "stage", "reason", "bytes"], rows: rowsPerWrite) { batch in
            let (ids, stages) = (try batch.texts("id"), try batch.texts("stage"))
            let (reasons, sizes) = (try batch.texts("reason"), try batch.integers("bytes"))
            for (row, id) in ids.enumerated() {
                guard let stage = RunStage(rawValue: stages[row]) else { continue }
                let size = sizes[row].map { Int($0) }
                failures.append(FailedImage(id: id, stage: stage, reason: reasons[row], byteCount: size))
            }
        }
        try write(
            failures,
            isComplete: false,
            sources: sources(layout),
            metadata: Provenance(file).metadata,
            layout: layout,
            files: files
        )
    }
}
