package import CLIPCore
package import CLIPPipeline

/// What a store holds, read without its vectors.
package struct StoreInfo: Sendable, Hashable {
    /// Number of vectors.
    package let rowCount: Int
    /// Number of files with vectors.
    package let partCount: Int
    /// Size of these files.
    package let byteCount: Int
    /// Where the vectors come from.
    package let provenance: Provenance
    /// Representation of their values.
    package let elementType: EmbeddingElementType
    /// Columns of the source.
    package let columns: [SourceColumn]
    /// Whether the last run came to its end.
    package let isComplete: Bool
    /// Where runs found the images, the last run last; empty where none said so.
    package let sources: [SourceRecord]
    /// Why images failed in the last run, the most frequent reason first.
    package let failureReasons: [FailureTally.Entry]

    /// How many images failed in the last run.
    package var failureCount: Int { failureReasons.reduce(0) { $0 + $1.count } }

    /// How many images failed at each stage of the last run.
    package var failuresByStage: [RunStage: Int] {
        failureReasons.reduce(into: [:]) { counts, entry in
            if let stage = entry.stage { counts[stage, default: 0] += entry.count }
        }
    }

    /// Looks at a store.
    ///
    /// - Throws: `CLIPError` with code `notFound` when there are no embeddings, `corruptData` when a file is damaged,
    ///   `modelMismatch` when the parts come from different models.
    package init(path folder: String) throws {
        let store = try ParquetStore(path: folder)
        rowCount = store.count
        partCount = store.parts.count
        byteCount = try store.parts.total(\.byteCount)
        provenance = store.provenance
        elementType = store.elementType
        columns = store.columns
        isComplete = store.isComplete

        let layout = StoreLayout(folder: folder)
        sources = try FailuresFile.sources(layout)
        var tally = FailureTally()
        try FailuresFile.forEach(layout) { id, stage, reason in
            tally.add(id: id, stage: stage, reason: reason)
        }
        failureReasons = tally.mostCommon
    }
}
