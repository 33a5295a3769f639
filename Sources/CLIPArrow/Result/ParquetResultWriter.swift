public import CLIPCore
public import CLIPReport

/// Writes results as a Parquet file.
///
/// The columns are `id` (text); `categories` (list of texts: the matching ones) if there are decisions; then
/// `PART_NAME` for each category and its parts. These are 32-bit floats, null if a score has no such part, except
/// `outcome` and `best_prompt`, which are dictionary-encoded texts. The metadata identifies the model and describes how
/// the scores were computed.
public final class ParquetResultWriter: ResultWriter {
    private let file: ParquetFileWriter
    private let schema: ResultSchema
    package let prepare: @Sendable (ResultBlock) throws -> PreparedResults

    /// Starts a file of decisions.
    ///
    /// - Parameters:
    ///   - path: The file, which appears after ``finish()``.
    ///   - classifier: The classifier that makes the decisions.
    ///   - parts: The parts to write per category in addition to the matching categories, where a category has them;
    ///     empty for the matching categories alone. Decisions do not have `ResultPart.bestPrompt`.
    ///   - provenance: The origin of the embeddings.
    /// - Throws: `CLIPError` with code `storage`, or `modelMismatch` if the embeddings come from another model than the
    ///   classifier's.
    public convenience init(
        path: String,
        classifier: Classifier,
        parts: [ResultPart] = ResultPart.decision,
        provenance: Provenance
    ) throws {
        if let model = classifier.bank.model { try provenance.requireModel(model, store: "The store") }
        let schema = ResultSchema(decisionsOf: classifier, parts: parts)
        try self.init(path: path, schema: schema, provenance: provenance)
    }

    /// Starts a file.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    package init(path: String, schema: ResultSchema, provenance: Provenance) throws {
        var fields = [Field(name: "id", kind: .text)]
        if schema.hasDecisions { fields.append(Field(name: "categories", kind: .choiceLists)) }
        fields += schema.columns.map { Field(name: $0.name, kind: $0.part.columnKind) }
        self.file = try ParquetFileWriter(
            path: path,
            fields: fields,
            metadata: provenance.metadata + [(ResultSchema.metadataKey, try schema.json())],
            options: .init(dictionary: true, rowGroupRows: 16_384)
        )
        self.schema = schema
        prepare = { block in
            try block.requireFinite(schema)
            return .values(block)
        }
    }

    /// Writes decisions, one row per image.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The classifier made the decisions, with the images' ids.
    public func append(_ decisions: Decisions) throws {
        try append(ResultBlock(decisions, in: schema))
    }

    package func append(_ results: PreparedResults) throws {
        guard case .values(let block) = results else { preconditionFailure("a Parquet file takes values, not text") }
        var columns: [Column] = [.text(block.ids)]
        if schema.hasDecisions {
            columns.append(block.matches(of: schema.categories.map(\.name)))
        }
        columns += schema.columns.map { block.column($0.part, category: $0.category, in: schema) }
        try file.write(columns)
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}

extension ResultPart {
    fileprivate var columnKind: Column.Kind {
        switch self {
        case .score, .positive: .float
        case .negative, .neutral, .margin: .optionalFloat
        case .outcome, .bestPrompt: .choice
        }
    }
}

extension ResultBlock {
    /// The names of the matching categories.
    fileprivate func matches(of names: [String]) -> Column {
        var positions = [Int32]()
        let lengths = ids.indices.map { image in
            let before = positions.count
            positions += matches(image: image).map { Int32($0) }
            return positions.count - before
        }
        return .choiceLists(positions, lengths: lengths, of: names)
    }

    fileprivate func column(_ part: ResultPart, category: Int, in schema: ResultSchema) -> Column {
        switch part {
        case .score: return .float(values(evidence, category) { $0.score })
        case .positive: return .float(values(evidence, category) { $0.positive })
        case .negative: return .optionalFloats(values(evidence, category) { $0.negative })
        case .neutral: return .optionalFloats(values(evidence, category) { $0.neutral })
        case .margin: return .optionalFloats(values(evidence, category) { $0.number(.margin) })
        case .outcome:
            guard let outcomes else { preconditionFailure("the schema says that there are decisions") }
            return .choice(values(outcomes, category) { Int32($0.index) }, of: Outcome.allCases.map(\.rawValue))
        case .bestPrompt:
            guard let bestPrompts else { preconditionFailure("the schema says that the nearest prompts are known") }
            return .choice(values(bestPrompts, category) { $0 }, of: schema.categories[category].prompts)
        }
    }

    /// Collects a value of one category for each image.
    @inline(__always)
    private func values<Item, Value>(_ items: [Item], _ category: Int, _ value: (Item) -> Value) -> [Value] {
        let categoryCount = categoryCount
        return items.withUnsafeBufferPointer { items in
            [Value](unsafeUninitializedCapacity: ids.count) { values, count in
                for position in stride(from: category, to: items.count, by: categoryCount) {
                    values.initializeElement(at: count, to: value(items[position]))
                    count += 1
                }
            }
        }
    }
}
