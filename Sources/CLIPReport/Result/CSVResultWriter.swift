public import CLIPCore

/// Writes results as comma-separated values (RFC 4180), one line per image.
///
/// The columns are `id`; `categories` (the matching ones, joined by `;`) if there are decisions; then `PART_NAME` for
/// each category and its parts.
public final class CSVResultWriter: ResultWriter {
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
    /// - Throws: `CLIPError` with code `storage`, or `unsupportedFormat` if the name of a category contains `;`, which
    ///   would make joined names ambiguous.
    public convenience init(path: String, classifier: Classifier, parts: [ResultPart] = ResultPart.decision) throws {
        try self.init(path: path, schema: ResultSchema(decisionsOf: classifier, parts: parts))
    }

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - path: The file, which appears after ``finish()``.
    ///   - schema: What is written.
    ///   - formulas: Counts the fields that spreadsheets take for formulas.
    /// - Throws: `CLIPError` with code `storage`, or `unsupportedFormat` if there are decisions and the name of a
    ///   category contains `;`, which would make joined names ambiguous.
    package init(path: String, schema: ResultSchema, formulas: FormulaCells = FormulaCells()) throws {
        let ambiguous = schema.categories.first { $0.name.utf8.contains(UInt8(ascii: ";")) }
        if schema.hasDecisions, let ambiguous {
            throw CLIPError(
                .unsupportedFormat,
                "\(path): CSV joins the names of an image's categories with ';', but a category's name contains one: "
                    + "'\(ambiguous.name)'. Write .parquet or .jsonl, or rename the category."
            )
        }
        self.schema = schema
        file = try ResultTextFile(path: path, schema: schema, lines: CSVResultLines(schema, formulas))
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

/// The lines of a CSV file.
private struct CSVResultLines: ResultLines {
    let header: TextBuffer
    private let hasDecisions: Bool
    private let names: [String]
    private let fields: ResultFields
    private let formulas: FormulaCells

    init(_ schema: ResultSchema, _ formulas: FormulaCells) {
        self.formulas = formulas
        hasDecisions = schema.hasDecisions
        names = schema.categories.map(\.name)
        fields = ResultFields(ResultPart.allCases, of: schema, keepsMissing: true) { _ in
            TextBuffer()
        } write: {
            $1.append(csvField: formulas.written($0))
        }
        let columns = ["id"] + (hasDecisions ? ["categories"] : []) + schema.columns.map(\.name)
        header = TextBuffer {
            $0.append(csvFields: columns.map(formulas.written))
            $0.append("\r\n")
        }
    }

    func append(_ images: Range<Int>, of block: ResultBlock, to text: inout TextBuffer) {
        for image in images {
            text.append(csvField: formulas.written(block.ids[image]))
            text.append(ascii: ",")
            if hasDecisions {
                let matches = block.matches(image: image).map { names[$0] }.joined(separator: ";")
                text.append(csvField: formulas.written(matches))
                text.append(ascii: ",")
            }
            fields.append(image, of: block, to: &text)
            text.removeLast(ascii: ",")
            text.append("\r\n")
        }
    }
}
