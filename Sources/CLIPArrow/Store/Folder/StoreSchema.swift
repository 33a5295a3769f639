internal import CLIPCore

/// The columns of a store's parts, and the conversion of rows from and to Parquet columns.
struct StoreSchema: Equatable {
    private enum Name {
        static let id = "id"
        static let embedding = "embedding"
        static let version = "source_version"
        static let contentHash = "source_sha256"
        static let damage = "source_damage"
    }

    static let idColumn = Name.id
    static let ownColumns = [Name.id, Name.embedding, Name.version, Name.contentHash, Name.damage]

    /// The length of the vectors.
    let dimension: Int
    /// The data type of the vectors.
    let elementType: EmbeddingElementType
    /// The source columns.
    let columns: [SourceColumn]
    /// The names of columns of other kinds, which are not read, so that a copy of the rows would lose them.
    let otherColumns: [String]
    /// Whether rows have origins; parts of version 0.1 do not.
    let hasOrigins: Bool
    /// Whether rows say what is wrong with damaged files; older parts do not.
    let hasDamage: Bool

    /// Creates the schema of new parts.
    ///
    /// - Throws: `CLIPError` with code `storage` if a column name is reserved or repeated.
    init(dimension: Int, elementType: EmbeddingElementType, columns: [SourceColumn]) throws {
        var taken = Set(Self.ownColumns)
        for column in columns where !taken.insert(column.name).inserted {
            let reason = Self.ownColumns.contains(column.name) ? "the name is reserved" : "the name occurs twice"
            throw CLIPError(
                .storage,
                "The source's column '\(column.name)' cannot be stored: \(reason). Rename it, or leave it out."
            )
        }
        self.dimension = dimension
        self.elementType = elementType
        self.columns = columns
        otherColumns = []
        hasOrigins = true
        hasDamage = true
    }

    /// Reads the schema of a part.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if there is no column of vectors.
    init(_ file: ParquetFileReader) throws {
        let formats = try file.columns()
        guard let vectors = formats.first(where: { $0.name == Name.embedding }), vectors.format.hasPrefix("+w:"),
            let dimension = Int(vectors.format.dropFirst(3)), dimension > 0,
            let elementType = EmbeddingElementType.allCases.first(where: {
                Column.Kind.vectors(dimension: dimension, elementType: $0).item?.kind.format == vectors.itemFormat
            })
        else {
            throw CLIPError(
                .corruptData,
                "\(file.path): there is no column '\(Name.embedding)' with vectors of floats of equal length."
            )
        }
        self.dimension = dimension
        self.elementType = elementType
        var columns = [SourceColumn]()
        var otherColumns = [String]()
        for column in formats where !Self.ownColumns.contains(column.name) {
            let kind: SourceColumn.Kind? =
                column.format == "U" ? .text : SourceColumn.Kind.allCases.first { $0.column.format == column.format }
            if let kind { columns.append(SourceColumn(column.name, kind)) } else { otherColumns.append(column.name) }
        }
        self.columns = columns
        self.otherColumns = otherColumns
        hasOrigins = formats.contains { $0.name == Name.version } && formats.contains { $0.name == Name.contentHash }
        hasDamage = formats.contains { $0.name == Name.damage }
    }

    /// The fields of new parts.
    var fields: [Field] {
        [
            Field(name: Name.id, kind: .text),
            Field(name: Name.embedding, kind: .vectors(dimension: dimension, elementType: elementType)),
            Field(name: Name.version, kind: .optionalText),
            Field(name: Name.contentHash, kind: .optionalText),
            Field(name: Name.damage, kind: .optionalText),
        ] + columns.map { Field(name: $0.name, kind: $0.kind.column) }
    }

    /// The columns with the origins of rows.
    var originNames: [String] {
        [Name.id] + (hasOrigins ? [Name.version, Name.contentHash] : [])
    }

    private var damageNames: [String] { hasDamage ? [Name.damage] : [] }

    /// Calls `body` with what is wrong with the file of each image that was damaged.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`.
    func forEachDamage(of file: ParquetFileReader, _ body: (String) -> Void) throws {
        guard hasDamage else { return }
        try file.forEachBatch(columns: damageNames, rows: 8192) { batch in
            for damage in try batch.optionalTexts(Name.damage) { damage.map(body) }
        }
    }

    /// Converts rows to columns, in the order of the fields.
    func table(_ block: EmbeddingBlock) -> [Column] {
        let origins = block.origins.isEmpty ? block.ids.map { _ in ImageOrigin() } : block.origins
        precondition(block.embeddings.dimension == dimension, "vectors have the dimension of the store")
        return [
            .text(block.ids),
            .vectors(block.embeddings.values, dimension: dimension, elementType: elementType),
            .optionalText(origins.map(\.version)),
            .optionalText(origins.map(\.contentHash)),
            .optionalText(origins.map(\.damage)),
        ] + columns.table(origins)
    }

    /// Calls `body` with consecutive blocks of at most `rows` rows of a part with this schema, with vectors as stored.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`; what `body` throws.
    func forEachPendingBlock(
        of file: ParquetFileReader,
        rows: Int,
        origins: Bool,
        _ body: (PendingBlock) throws -> Void
    ) throws {
        let vectors = try VectorColumn(file, Name.embedding, dimension: dimension, elementType: elementType)
        let names =
            (origins ? originNames + damageNames + columns.map(\.name) : [Name.id])
            + (vectors == nil ? [Name.embedding] : [])
        try file.forEachBatch(columns: names, rows: rows) { batch in
            let ids = try batch.texts(Name.id)
            let origins = origins ? try imageOrigins(batch, count: ids.count) : []
            if let stored = try vectors?.next(ids.count) {
                try body(
                    PendingBlock(ids: ids) {
                        EmbeddingBlock(ids: ids, embeddings: try stored.read(), origins: origins)
                    }
                )
            } else {
                let embeddings = try batch.vectors(Name.embedding)
                try body(
                    PendingBlock(ids: ids) { EmbeddingBlock(ids: ids, embeddings: embeddings, origins: origins) }
                )
            }
        }
    }

    private func imageOrigins(_ batch: RecordBatch, count: Int) throws -> [ImageOrigin] {
        let values = try columns.map { try $0.kind.values(batch, $0.name) }
        let damage = try hasDamage ? batch.optionalTexts(Name.damage) : []
        return try origins(batch, count: count).enumerated().map { row, origin in
            ImageOrigin(
                version: origin.version,
                contentHash: origin.contentHash,
                values: values.map { $0[row] },
                damage: hasDamage ? damage[row] : nil
            )
        }
    }

    /// Calls `body` with each row of the columns ``originNames``.
    ///
    /// - Throws: `CLIPError` with code `corruptData`; what `body` throws.
    func forEachOrigin(
        _ batch: RecordBatch,
        _ body: (_ id: String, _ version: String?, _ contentHash: String?) throws -> Void
    ) throws {
        let ids = try batch.texts(Name.id)
        for (row, origin) in try origins(batch, count: ids.count).enumerated() {
            try body(ids[row], origin.version, origin.contentHash)
        }
    }

    private func origins(_ batch: RecordBatch, count: Int) throws -> [(version: String?, contentHash: String?)] {
        guard hasOrigins else { return Array(repeating: (nil, nil), count: count) }
        let versions = try batch.optionalTexts(Name.version)
        return zip(versions, try batch.optionalTexts(Name.contentHash)).map { ($0, $1) }
    }
}
