#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Writes decisions as JSON Lines, one object an image.
///
/// ```json
/// {"categories":["cat"],"id":"photos/chelsea.png","scores":{"cat":0.21,"dog":-0.08}}
/// ```
public final class JSONLinesDecisionWriter: DecisionWriter {
    private struct Line: Encodable {
        let id: String
        let categories: [String]
        let scores: [String: Float]
    }

    private let file: OutputFile
    private let categories: [String]
    private let encoder = JSONEncoder()

    /// Starts a file.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public init(path: String, categories: [String]) throws {
        self.file = try OutputFile(path: path)
        self.categories = categories
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Writes the decisions for some images.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func append(ids: [String], decisions: Decisions) throws {
        for (image, id) in ids.enumerated() {
            let scores = categories.indices.map {
                (categories[$0], decisions.evidence(image: image, category: $0).score)
            }
            let line = Line(
                id: id,
                categories: decisions.matches(image: image).map { categories[$0] },
                scores: Dictionary(uniqueKeysWithValues: scores)
            )
            try file.write(String(decoding: try encoder.encode(line), as: UTF8.self) + "\n")
        }
    }

    /// Makes everything durable and gives the files their names.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}
