internal import CLIPCore
internal import CLIPPipeline
internal import CLIPReport

/// What a worker adds to its input's columns, after the ids.
struct WorkerAnswer: Sendable {
    /// The columns that depend on a row's vector.
    let fields: [Field]
    let metadata: [(key: String, value: String)]
    /// Their values, from the ids and vectors of all rows; zeros stand for a vector that is missing.
    let columns: @Sendable (_ ids: [String], _ rows: WorkerRows) throws -> [Column]

    /// The vectors themselves.
    static func embeddings(_ provenance: Provenance) -> WorkerAnswer {
        let (dimension, type) = (provenance.dimension, EmbeddingElementType.float32)
        return WorkerAnswer(
            fields: [Field(name: "embedding", kind: .optional(.vectors(dimension: dimension, elementType: type)))],
            metadata: provenance.metadata
        ) { _, rows in
            [Column.vectors(rows.values, dimension: dimension, elementType: type).masked(rows.isPresent)]
        }
    }

    /// What a classifier decides, as in a result file; missing where there is no vector.
    ///
    /// - Throws: `CLIPError` if the schema cannot be written as JSON.
    static func decisions(
        _ classifier: Classifier,
        _ schema: ResultSchema,
        _ provenance: Provenance
    ) throws -> WorkerAnswer {
        let fields = schema.fields.dropFirst().map { Field(name: $0.name, kind: $0.kind.masked) }
        return WorkerAnswer(
            fields: fields,
            metadata: provenance.metadata + [(ResultSchema.metadataKey, try schema.json())]
        ) { ids, rows in
            let vectors = EmbeddingMatrix(dimension: provenance.dimension, values: rows.valuesOfUnitLength)
            let block = ResultBlock(ids: ids, decisions: try classifier.classify(vectors))
            return try schema.preparedValues(block).columns(schema).dropFirst().map { $0.masked(rows.isPresent) }
        }
    }

    /// The cosines with queries, one for each; missing where there is no vector.
    static func cosines(_ queries: EmbeddingMatrix, _ provenance: Provenance) -> WorkerAnswer {
        let (count, type) = (queries.count, EmbeddingElementType.float32)
        return WorkerAnswer(
            fields: [Field(name: "cosines", kind: .optional(.vectors(dimension: count, elementType: type)))],
            metadata: provenance.metadata
        ) { ids, rows in
            var vectors = EmbeddingMatrix(dimension: provenance.dimension, values: rows.valuesOfUnitLength)
            if let row = vectors.firstRowNotOfUnitLength() {
                throw CLIPError(
                    .invalidEmbeddings,
                    "The vector of '\(ids[row])' in the column '\(WorkerColumns.vectorName)' has length "
                        + "\(vectors.norm(row: row)), not 1. Normalise the vectors before the search."
                )
            }
            // As the reader of a store does.
            try vectors.normalizeInexactRows()
            let cosines = MatrixProduct.innerProducts(vectors, queries, rows: count)
            return [Column.vectors(cosines, dimension: count, elementType: type).masked(rows.isPresent)]
        }
    }
}

/// The vectors of a record batch.
struct WorkerRows: Sendable {
    /// `dimension` values per row; zeros for a row without a vector.
    let values: [Float]
    let isPresent: [Bool]

    /// The values with a unit vector in each row that has none, so that all rows can be scored at once.
    var valuesOfUnitLength: [Float] {
        guard isPresent.contains(false) else { return values }
        var values = values
        let dimension = values.count / isPresent.count
        for row in isPresent.indices where !isPresent[row] { values[row * dimension] = 1 }
        return values
    }
}
