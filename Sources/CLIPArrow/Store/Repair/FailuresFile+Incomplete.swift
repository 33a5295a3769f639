internal import CLIPCore

extension FailuresFile {
    /// Notes that a run has to complete the store; does nothing if there is no list of failures.
    ///
    /// Images that failed at a stage that this version does not know are left out.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, `unreadable` or `storage`.
    static func markIncomplete(_ layout: StoreLayout, files: StoreFiles) throws {
        guard let file = try open(layout) else { return }
        var failures = [FailedImage]()
        try forEach(layout) { id, stage, reason, byteCount in
            guard let stage else { return }
            failures.append(FailedImage(id: id, stage: stage, reason: reason, byteCount: byteCount))
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
