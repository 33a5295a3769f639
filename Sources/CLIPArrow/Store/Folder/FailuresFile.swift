internal import CLIPCore
internal import CLIPPipeline

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// `rejects.parquet`: the failed images of the last run, and whether that run was complete.
enum FailuresFile {
    static let completeKey = "openclip.complete"
    static let sourcesKey = "openclip.sources"
    private static let sizeColumn = "bytes"
    static let fields =
        ["id", "stage", "reason"].map { Field(name: $0, kind: .text) } + [Field(name: sizeColumn, kind: .integer)]
    static let rowsPerWrite = 1024
    private static let advice =
        "The file only lists the last run's failed images and holds no vectors: remove it, and rerun."

    /// Whether the last run was complete.
    ///
    /// Version 0.1 wrote the file at the end of a run and did not record this.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    static func isComplete(_ layout: StoreLayout) throws -> Bool {
        try open(layout).map { $0.metadata(completeKey) != "false" } ?? false
    }

    /// Throws if there is a file with this name that is not a store's, so that no run may replace it.
    ///
    /// In a folder with parts, a file that cannot be read counts as a damaged one of the store.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, or `unreadable`.
    static func requireOwn(_ layout: StoreLayout) throws {
        do {
            let file = try ParquetFileReader(path: layout.failures)
            guard !Provenance.isRecorded(in: file) else { return }
        } catch let error as CLIPError where error.code == .notFound {
            return
        } catch let error as CLIPError where error.code == .corruptData {
            guard try layout.parts().isEmpty, !layout.wasRepaired else { return }
        }
        throw layout.notOwn(layout.failures)
    }

    /// The sources of the runs, the last run's last; empty if none were recorded.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    static func sources(_ layout: StoreLayout) throws -> [SourceRecord] {
        guard let json = try open(layout)?.metadata(sourcesKey) else { return [] }
        do {
            return try JSONDecoder().decode([SourceRecord].self, from: Data(json.utf8))
        } catch {
            throw CLIPError(
                .corruptData,
                "\(layout.failures): the metadata '\(sourcesKey)' was not written by this library. \(advice)",
                cause: error
            )
        }
    }

    /// Calls `body` with the id, stage, reason and file size of each failed image; the stage is `nil` if this version does
    /// not know it.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, `notFound` if a column is missing, or `unreadable`.
    static func forEach(
        _ layout: StoreLayout,
        _ body: (_ id: String, _ stage: RunStage?, _ reason: String, _ byteCount: Int?) -> Void
    ) throws {
        guard let file = try open(layout) else { return }
        do {
            // The first versions did not write the file sizes.
            let hasSizes = try file.columns().contains { $0.name == sizeColumn }
            let names = fields.map(\.name).filter { $0 != sizeColumn || hasSizes }
            try file.forEachBatch(columns: names, rows: rowsPerWrite) { batch in
                let (ids, stages) = (try batch.texts("id"), try batch.texts("stage"))
                let reasons = try batch.texts("reason")
                let sizes = hasSizes ? try batch.integers(sizeColumn) : ids.map { _ in nil }
                for row in ids.indices {
                    body(ids[row], RunStage(rawValue: stages[row]), reasons[row], sizes[row].map { Int($0) })
                }
            }
        } catch let error as CLIPError where error.code == .corruptData || error.code == .notFound {
            throw error.advising(advice)
        }
    }

    /// Why a store without vectors has none, if images of its last run failed: then all of them did.
    ///
    /// - Throws: `CLIPError` with code `corruptData`.
    static func whyAllFailed(_ layout: StoreLayout) throws -> String? {
        var tally = FailureTally()
        try forEach(layout) { id, stage, reason, _ in tally.add(id: id, stage: stage, reason: reason) }
        guard let mostCommon = tally.mostCommon.first else { return nil }
        let count = tally.count
        let images = count == 1 ? "the only image" : "all \(count) images"
        let place = try isComplete(layout) ? "of its last run" : "that its last run read before it was interrupted"
        return "\(images) \(place) failed. \(layout.failures) lists them with their reasons"
            + (count == 1 ? ": " : "; the most common: ") + mostCommon.reason
    }

    /// Opens the file; `nil` if there is none.
    static func open(_ layout: StoreLayout) throws -> ParquetFileReader? {
        do {
            return try ParquetFileReader(path: layout.failures)
        } catch let error as CLIPError where error.code == .notFound {
            return nil
        } catch let error as CLIPError where error.code == .corruptData {
            throw error.advising(advice)
        }
    }
}
