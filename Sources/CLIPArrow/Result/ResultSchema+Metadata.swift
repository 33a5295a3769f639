internal import CLIPCore
internal import CLIPReport

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension ResultSchema {
    /// The metadata key of the schema in a Parquet file.
    static let metadataKey = "openclip.results"

    /// The schema as JSON.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads the schema of a result file.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if there is none, or one that this version does not know.
    init(_ file: ParquetFileReader) throws {
        guard let json = file.metadata(Self.metadataKey) else {
            throw CLIPError(
                .corruptData,
                "\(file.path) is not a result file of this library. Create one with 'score' or 'classify'."
            )
        }
        do {
            self = try JSONDecoder().decode(ResultSchema.self, from: Data(json.utf8))
        } catch {
            throw CLIPError(
                .corruptData,
                "\(file.path): the metadata '\(Self.metadataKey)' cannot be read. Create the file again.",
                cause: error
            )
        }
    }
}
