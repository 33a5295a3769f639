public import CLIPCore
package import CLIPPipeline

extension ParquetStore {
    /// The images that failed in the last run, in source order, where those without a unit vector follow others of
    /// their batch; empty for a single part.
    ///
    /// Reads `rejects.parquet`. The store does not record `FailedImage.keepsVector`, which is false here.
    ///
    /// ```swift
    /// for image in try ParquetStore(path: "embeddings").failures() { print(image.id, image.reason) }
    /// ```
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the file is damaged, or names a stage that this version does not
    ///   know.
    public func failures() throws -> [FailedImage] {
        guard let layout else { return [] }
        var failures = [FailedImage]()
        var unknown: String?
        try FailuresFile.forEach(layout) { id, stage, reason, _ in
            if let stage {
                failures.append(FailedImage(id: id, stage: stage, reason: reason))
            } else {
                unknown = unknown ?? id
            }
        }
        if let unknown {
            throw CLIPError(
                .corruptData,
                "\(layout.failures): '\(unknown)' failed at a stage that this version does not know. Read the store with the "
                    + "version that wrote it."
            )
        }
        return failures
    }

    /// The sources of the runs, the last run's last; empty if none were recorded.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the file of failed images is damaged.
    package func sources() throws -> [SourceRecord] {
        try layout.map(FailuresFile.sources) ?? []
    }

    /// Why the store has no vectors, if all images of its last run failed.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if the file of failed images is damaged.
    package func whyAllFailed() throws -> String? {
        guard count == 0, let layout else { return nil }
        return try FailuresFile.whyAllFailed(layout)
    }
}
