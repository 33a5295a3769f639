package import CLIPCore
package import CLIPPipeline

/// A summary of a store, read without its vectors.
package struct StoreInfo: Sendable, Hashable {
    /// Number of vectors.
    package let rowCount: Int
    /// Number of files with vectors.
    package let partCount: Int
    /// The size of these files.
    package let byteCount: Int
    /// The origin of the vectors.
    package let provenance: Provenance
    /// The data type of the vectors.
    package let elementType: EmbeddingElementType
    /// The source columns.
    package let columns: [SourceColumn]
    /// Whether the last run was complete; true for a single part.
    package let isComplete: Bool
    /// Whether this is a single part, which does not know whether its store is complete and which images failed.
    package let isSinglePart: Bool
    /// Whether the store is being made from files of a cluster's tasks, or an adoption was interrupted.
    package let isBeingAdopted: Bool
    /// The sources of the runs, the last run's last; empty if none were recorded.
    package let sources: [SourceRecord]
    /// The reasons for failures in the last run, the most frequent first.
    package let failureReasons: [FailureTally.Entry]

    /// What is wrong with the files of images that were damaged and read as far as possible, the most frequent first.
    package let damageReasons: [FailureTally.Entry]

    /// The number of images that failed in the last run.
    package var failureCount: Int { failureReasons.reduce(0) { $0 + $1.count } }

    /// The number of images that failed at each stage of the last run.
    package var failuresByStage: [RunStage: Int] {
        failureReasons.reduce(into: [:]) { counts, entry in
            if let stage = entry.stage { counts[stage, default: 0] += entry.count }
        }
    }

    /// Reads the summary of a store, or of a single part.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there are no embeddings, `corruptData` if a file is damaged,
    ///   `modelMismatch` if the parts come from different models.
    package init(path: String) throws {
        let store = try ParquetStore(path: path)
        rowCount = store.count
        partCount = store.parts.count
        byteCount = try store.parts.total(\.byteCount)
        provenance = store.provenance
        elementType = store.elementType
        columns = store.columns
        isComplete = store.isComplete
        isSinglePart = store.layout == nil
        isBeingAdopted = store.layout?.isBeingAdopted ?? false
        sources = try store.sources()
        var tally = FailureTally()
        if let layout = store.layout {
            try FailuresFile.forEach(layout) { id, stage, reason, _ in
                tally.add(id: id, stage: stage, reason: reason)
            }
        }
        failureReasons = tally.mostCommon
        var damaged = FailureTally()
        for part in store.parts {
            try StorePart.advisingRepair {
                let file = try ParquetFileReader(path: part.path)
                try StoreSchema(file).forEachDamage(of: file) { damaged.add(id: "", stage: .decode, reason: $0) }
            }
        }
        damageReasons = damaged.mostCommon
    }
}
