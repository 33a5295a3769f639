public import CLIPCore

/// Writes results as comma-separated values (RFC 4180), one line per image.
///
/// The columns are `id`; `categories` (the matching ones, joined by `;`) if there are decisions; then `PART_NAME` for
/// each category and its parts.
public final class CSVResultWriter: ResultWriter {
    private let table: CSVFile
    private let schema: ResultSchema

    /// Starts a file of decisions.
    ///
    /// - Parameters:
    ///   - path: The file, which appears after ``finish()``.
    ///   - classifier: The classifier that makes the decisions.
    ///   - parts: The parts to write per category in addition to the matching categories, where a category has them;
    ///     empty for the matching categories alone. Decisions do not have ``ResultPart/bestPrompt``.
    /// - Throws: `CLIPError` with code `storage`, or `unsupportedFormat` if the name of a category contains `;`, which
    ///   would make joined names ambiguous.
    public convenience init(path: String, classifier: Classifier, parts: [ResultPart] = ResultPart.decision) throws {
        try self.init(path: path, schema: ResultSchema(decisionsOf: classifier, parts: parts))
    }

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `unsupportedFormat` if there are decisions and the name of a
    ///   category contains `;`, which would make joined names ambiguous.
    package init(path: String, schema: ResultSchema) throws {
        let ambiguous = schema.categories.first { $0.name.utf8.contains(UInt8(ascii: ";")) }
        if schema.hasDecisions, let ambiguous {
            throw CLIPError(
                .unsupportedFormat,
                "\(path): CSV joins the names of an image's categories with ';', but a category's name contains one: "
                    + "'\(ambiguous.name)'. Write .parquet or .jsonl, or rename the category."
            )
        }
        self.schema = schema
        let columns = schema.categories.flatMap { category in category.parts.map { "\($0.rawValue)_\(category.name)" } }
        table = try CSVFile(path: path, header: ["id"] + (schema.hasDecisions ? ["categories"] : []) + columns)
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
            let matches = block.matches(image: image).map { schema.categories[$0].name }.joined(separator: ";")
            let values = schema.categories.enumerated().flatMap { index, category in
                category.parts.map { block.value($0, image: image, category: index, in: schema)?.description ?? "" }
            }
            try table.write([id] + (schema.hasDecisions ? [matches] : []) + values)
        }
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try table.close()
    }
}
