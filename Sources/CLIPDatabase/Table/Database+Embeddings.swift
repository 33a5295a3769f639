internal import CLIPArrow
public import CLIPCore

extension Database {
    /// Writes the vectors of a store into a table, in one transaction.
    ///
    /// The columns are `id`, the primary key; `embedding`; and those of the images' source. A vector is `vector(N)` where
    /// PostgreSQL has pgvector, otherwise `real[]`; in SQLite, it is a BLOB of little-endian 32-bit floats.
    ///
    /// - Parameters:
    ///   - store: The vectors.
    ///   - columns: The columns of the blocks' origins, with their kinds and in their order. Blocks of a `ParquetStore`
    ///     have origins with `includesOrigins`.
    ///   - table: The table, `name` or `schema.name`.
    ///   - existing: What happens to a table that already exists.
    /// - Throws: `CLIPError` with code `unreadable` if the database refuses the connection, or `storage` if the table
    ///   cannot be written and is as before, or `modelMismatch` if the rows that would stay come from another model; what
    ///   reading throws.
    public func write(
        _ store: some EmbeddingReader,
        columns: [SourceColumn] = [],
        table: String,
        existing: ExistingTable = .fail
    ) throws {
        let dimension = store.provenance.dimension
        let vectors = Field(name: "embedding", kind: .vectors(dimension: dimension, elementType: .float32))
        let others = columns.map { Field(name: $0.name, kind: $0.kind.column) }
        let writer = try TableWriter(
            self,
            table: table,
            fields: [Field(name: "id", kind: .text), vectors] + others,
            existing: existing,
            content: .embeddings,
            provenance: store.provenance
        )
        try store.forEachBlock(rows: 1024) { block in
            let vectors = Column.vectors(block.embeddings.values, dimension: dimension, elementType: .float32)
            try writer.append([.text(block.ids), vectors] + columns.table(block.origins))
        }
        try writer.finish()
    }
}
