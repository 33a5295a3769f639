internal import CLIPCore
internal import CLIPPipeline

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension FailuresFile {
    /// Replaces the file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    static func write(
        _ failures: [FailedImage],
        isComplete: Bool,
        sources: [SourceRecord],
        metadata: [(key: String, value: String)],
        layout: StoreLayout,
        files: StoreFiles
    ) throws {
        var metadata = metadata + [(completeKey, String(isComplete))]
        if !sources.isEmpty { metadata.append((sourcesKey, try json(sources))) }
        let writer = try ParquetFileWriter(
            path: layout.failures,
            fields: fields,
            metadata: metadata,
            options: .init(isCompressed: true),
            files: files
        )
        for start in stride(from: 0, to: failures.count, by: rowsPerWrite) {
            let rows = failures[start..<min(start + rowsPerWrite, failures.count)]
            try writer.write([
                .text(rows.map(\.id)), .text(rows.map(\.stage.rawValue)), .text(rows.map(\.reason)),
                .integers(rows.map { $0.byteCount.map(Int64.init) }),
            ])
        }
        try writer.close()
    }

    private static func json(_ sources: [SourceRecord]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(sources), as: UTF8.self)
    }
}
