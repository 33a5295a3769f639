internal import CLIPCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Writes results as JSON Lines, one object an image.
///
/// ```json
/// {"categories":["cat"],"id":"photos/chelsea.png","outcome":{"cat":"match"},"score":{"cat":0.21}}
/// ```
public final class JSONLinesResultWriter: ResultWriter {
    private struct Line: Encodable {
        let id: String
        let categories: [String]?
        let parts: [ResultPart: [String: ResultValue]]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: JSONKey.self)
            try container.encode(id, forKey: JSONKey(stringValue: "id"))
            try container.encodeIfPresent(categories, forKey: JSONKey(stringValue: "categories"))
            for (part, values) in parts {
                try container.encode(values, forKey: JSONKey(stringValue: part.rawValue))
            }
        }
    }

    private let file: OutputFile
    private let schema: ResultSchema
    private let encoder = JSONEncoder()

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public init(path: String, schema: ResultSchema) throws {
        self.file = try OutputFile(path: path)
        self.schema = schema
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Writes the results for some images.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    public func append(_ block: ResultBlock) throws {
        try block.requireFinite(schema)
        for (image, id) in block.ids.enumerated() {
            var parts = [ResultPart: [String: ResultValue]]()
            for (index, category) in schema.categories.enumerated() {
                for part in category.parts {
                    parts[part, default: [:]][category.name] = block.value(
                        part,
                        image: image,
                        category: index,
                        in: schema
                    )
                }
            }
            let line = Line(
                id: id,
                categories: schema.hasDecisions
                    ? block.matches(image: image).map { schema.categories[$0].name } : nil,
                parts: parts
            )
            try file.write(String(decoding: try encoder.encode(line), as: UTF8.self) + "\n")
        }
    }

    /// Makes everything durable and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}
