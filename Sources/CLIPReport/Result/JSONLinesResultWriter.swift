public import CLIPCore

/// Writes results as JSON Lines, one object per image.
///
/// ```json
/// {"id":"photos/chelsea.png","categories":["cat"],"score":{"cat":0.21},"outcome":{"cat":"match"}}
/// ```
///
/// Categories are in the order of the category file.
public final class JSONLinesResultWriter: ResultWriter {
    private let file: OutputFile
    private let schema: ResultSchema
    private let parts: [ResultPart]

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
        self.file = try OutputFile(path: path)
        self.schema = schema
        parts = ResultPart.allCases.filter { part in schema.categories.contains { $0.parts.contains(part) } }
    }

    /// Writes decisions, one row per image.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The classifier made the decisions, with the images' ids.
    public func append(_ decisions: Decisions) throws {
        try append(ResultBlock(decisions, in: schema))
    }

    /// Writes the results for some images.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    package func append(_ block: ResultBlock) throws {
        try block.requireFinite(schema)
        for (image, id) in block.ids.enumerated() {
            var fields = [(key: "id", value: JSONText.string(id))]
            if schema.hasDecisions {
                let names = block.matches(image: image).map { JSONText.string(schema.categories[$0].name) }
                fields.append(("categories", JSONText.array(names)))
            }
            fields += parts.map { ($0.rawValue, JSONText.object(values(of: $0, image: image, in: block))) }
            try file.write(JSONText.object(fields) + "\n")
        }
    }

    private func values(of part: ResultPart, image: Int, in block: ResultBlock) -> [(key: String, value: String)] {
        schema.categories.enumerated().compactMap { index, category in
            guard category.parts.contains(part) else { return nil }
            return block.value(part, image: image, category: index, in: schema).map { (category.name, $0.json) }
        }
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}
