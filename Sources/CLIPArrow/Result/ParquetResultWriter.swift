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
        self.file = try ParquetFileWriter(
            path: path,
            fields: schema.fields,
            metadata: provenance.metadata + [(ResultSchema.metadataKey, try schema.json())],
            options: .init(dictionary: true, rowGroupRows: 16_384)
        )
        self.schema = schema
        prepare = schema.preparedValues
    }

    /// Writes decisions, one row per image.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `invalidEmbeddings` when a score, or a part of it, is not finite.
    /// - Precondition: The classifier made the decisions, with the images' ids.
    public func append(_ decisions: Decisions) throws {
        try append(ResultBlock(decisions, in: schema))
    }

    package func append(_ results: PreparedResults) throws {
        try file.write(results.columns(schema))
    }

    /// Writes everything to disk and gives the file its name.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish() throws {
        try file.close()
    }
}
