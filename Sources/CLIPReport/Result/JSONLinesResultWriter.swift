public import CLIPCore

/// Writes results as JSON Lines, one object per image.
///
/// ```json
/// {"id":"photos/chelsea.png","categories":["cat"],"score":{"cat":0.21},"outcome":{"cat":"match"}}
/// ```
///
/// Categories are in the order of the category file.
public final class JSONLinesResultWriter: ResultWriter {
    private let file: ResultTextFile
    private let schema: ResultSchema

    package var prepare: @Sendable (ResultBlock) throws -> PreparedResults { file.prepare }

    /// Starts a file of decisions.
    ///
    /// - Parameters:
    ///   - path: The file, which appears after ``finish()``.
    ///   - classifier: The classifier that makes the decisions.
    ///   - parts: The parts to write per category in addition to the matching categories, where a category has them;
    ///     empty for the matching categories alone. Decisions do not have ``ResultPart/bestPrompt``.
    /// - Throws: `CLIPError` with code `storage`.
    public convenience init(path: String, classifier: Classifier, parts: [ResultPart] = ResultPart.decision) throws {
        try self.init(path: path, schema: ResultSchema(decisionsOf: classifier, parts: parts))
    }

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package init(path: String, schema: ResultSchema) throws {
        file = try ResultTextFile(path: path, schema: schema, lines: JSONResultLines(schema))
        self.schema = schema
    }

    /// Writes decisions, one row per image.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The classifier made the decisions, with the images' ids.
    public func append(_ decisions: Decisions) throws {
        try file.write(ResultBlock(decisions, in: schema))
    }

    package func append(_ results: PreparedResults) throws {
        try file.write(results)
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}

/// The lines of a JSON Lines file.
private struct JSONResultLines: ResultLines {
    let header = TextBuffer()
    private let hasDecisions: Bool
    private let names: [TextBuffer]
    /// For each part, its key and the opening brace of its object, and the object's fields.
    private let parts: [(start: TextBuffer, fields: ResultFields)]

    init(_ schema: ResultSchema) {
        hasDecisions = schema.hasDecisions
        names = schema.categories.map { category in TextBuffer { $0.append(jsonString: category.name) } }
        parts = ResultPart.allCases.compactMap { part in
            let fields = ResultFields([part], of: schema, keepsMissing: false) { category in
                TextBuffer {
                    $0.append(jsonString: category)
                    $0.append(ascii: ":")
                }
            } write: {
                $1.append(jsonString: $0)
            }
            return fields.isEmpty ? nil : (TextBuffer { $0.append(",\"\(part.rawValue)\":{") }, fields)
        }
    }

    func append(_ images: Range<Int>, of block: ResultBlock, to text: inout TextBuffer) {
        for image in images {
            text.append("{\"id\":")
            text.append(jsonString: block.ids[image])
            if hasDecisions {
                text.append(",\"categories\":[")
                for category in block.matches(image: image) {
                    text.append(names[category])
                    text.append(ascii: ",")
                }
                text.removeLast(ascii: ",")
                text.append(ascii: "]")
            }
            for (start, fields) in parts {
                text.append(start)
                fields.append(image, of: block, to: &text)
                text.removeLast(ascii: ",")
                text.append(ascii: "}")
            }
            text.append("}\n")
        }
    }
}
