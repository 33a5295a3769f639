public import CLIPCore

/// Writes results as a Parquet file.
///
/// Columns: `id` (text), where there are decisions `categories` (list of texts: the matching ones), then `PART_NAME` for
/// each category and its parts: 32-bit floats, and for `outcome` and `best_prompt` dictionary-encoded texts. The model's
/// identity, and what the scores were made with, are in the metadata.
public final class ParquetResultWriter: ResultWriter {
    private let file: ParquetFileWriter
    private let schema: ResultSchema

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public init(path: String, schema: ResultSchema, provenance: Provenance) throws {
        var fields = [Field(name: "id", kind: .text)]
        if schema.hasDecisions { fields.append(Field(name: "categories", kind: .textLists)) }
        fields += schema.columns.map { Field(name: $0.name, kind: $0.part.columnKind) }
        self.file = try ParquetFileWriter(
            path: path,
            fields: fields,
            metadata: provenance.metadata + [(ResultSchema.metadataKey, try schema.json())],
            options: .init(dictionary: true, rowGroupRows: 65_536)
        )
        self.schema = schema
    }

    /// Writes the results for some images.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func append(_ block: ResultBlock) throws {
        var columns: [Column] = [.text(block.ids)]
        if schema.hasDecisions {
            columns.append(
                .textLists(block.ids.indices.map { block.matches(image: $0).map { schema.categories[$0].name } })
            )
        }
        columns += schema.columns.map { block.column($0.part, category: $0.category, in: schema) }
        try file.write(columns)
    }

    /// Makes everything durable and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}

extension ResultPart {
    fileprivate var columnKind: Column.Kind {
        switch self {
        case .score, .positive, .negative, .neutral, .margin: .float
        case .outcome, .bestPrompt: .choice
        }
    }
}

extension ResultBlock {
    fileprivate func column(_ part: ResultPart, category: Int, in schema: ResultSchema) -> Column {
        let positions = stride(from: category, to: evidence.count, by: schema.categories.count)
        switch part {
        case .score: return .float(positions.map { evidence[$0].score })
        case .positive: return .float(positions.map { evidence[$0].positive })
        case .negative, .neutral, .margin: return .float(positions.map { evidence[$0].number(part) ?? .nan })
        case .outcome:
            guard let outcomes else { preconditionFailure("the schema says that there are decisions") }
            return .choice(
                positions.map { Int32(outcomes[$0].position) },
                of: Outcome.allCases.map(\.rawValue)
            )
        case .bestPrompt:
            guard let bestPrompts else { preconditionFailure("the schema says that the nearest prompts are known") }
            return .choice(positions.map { bestPrompts[$0] }, of: schema.categories[category].prompts)
        }
    }
}

extension Outcome {
    fileprivate var position: Int {
        switch self {
        case .match: 0
        case .belowThreshold: 1
        case .belowNeutral: 2
        }
    }
}
