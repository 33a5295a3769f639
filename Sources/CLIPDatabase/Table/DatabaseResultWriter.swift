internal import CLIPArrow
public import CLIPCore
public import CLIPReport

/// Writes results into a table of a database, in one transaction.
///
/// The columns are those of a Parquet file of results (`ParquetResultWriter`). In SQLite, `categories` is a text: the names
/// as a JSON array. The table's primary key is `id`. A writer that is released before ``finish()`` changes nothing.
public final class DatabaseResultWriter: ResultWriter {
    private let table: TableWriter
    private let schema: ResultSchema
    package let prepare: @Sendable (ResultBlock) throws -> PreparedResults

    /// Connects and checks the table.
    ///
    /// - Parameters:
    ///   - database: PostgreSQL, or SQLite; an SQLite file is created if it does not exist.
    ///   - table: The table, `name` or `schema.name`.
    ///   - existing: What happens to a table that already exists.
    ///   - classifier: The classifier that makes the decisions.
    ///   - parts: The parts to write per category in addition to the matching categories, where a category has them;
    ///     empty for the matching categories alone. Decisions do not have `ResultPart.bestPrompt`.
    ///   - provenance: The origin of the embeddings.
    /// - Throws: `CLIPError` with code `unreadable` if the database refuses the connection, `storage` if the table cannot
    ///   be written, or `modelMismatch` if the embeddings come from another model than the classifier's, or than rows that
    ///   would stay in the table.
    public convenience init(
        _ database: Database,
        table: String,
        existing: ExistingTable = .fail,
        classifier: Classifier,
        parts: [ResultPart] = ResultPart.decision,
        provenance: Provenance
    ) throws {
        if let model = classifier.bank.model { try provenance.requireModel(model, store: "The store") }
        let schema = ResultSchema(decisionsOf: classifier, parts: parts)
        try self.init(database, table: table, existing: existing, schema: schema, provenance: provenance)
    }

    /// Connects and checks the table.
    ///
    /// - Throws: `CLIPError` with code `unreadable`, `storage` or `modelMismatch`.
    package init(
        _ database: Database,
        table: String,
        existing: ExistingTable,
        schema: ResultSchema,
        provenance: Provenance
    ) throws {
        self.table = try TableWriter(
            database,
            table: table,
            fields: schema.fields,
            optionalColumns: schema.optionalColumns,
            existing: existing,
            content: .results,
            provenance: provenance
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
        try table.append(results.columns(schema))
    }

    /// Commits the rows.
    ///
    /// - Throws: `CLIPError` with code `storage`; the table is then as before.
    public func finish() throws {
        try table.finish()
    }
}
