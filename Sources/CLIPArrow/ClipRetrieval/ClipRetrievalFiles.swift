internal import CLIPCore

/// A file of vectors and the file of metadata that belongs to it.
struct ClipRetrievalFiles: Sendable {
    let vectors: NumPyMatrix
    let metadata: ParquetFileReader

    /// Opens both.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when their numbers of rows differ; what opening them throws.
    init(embeddings: String, metadata path: String) throws {
        vectors = try NumPyMatrix(path: embeddings)
        metadata = try ParquetFileReader(path: path)
        guard vectors.count == metadata.rowCount else {
            throw CLIPError(
                .corruptData,
                "\(embeddings) has \(vectors.count) rows, and \(path) has \(metadata.rowCount): they do not belong together."
            )
        }
    }

    /// The columns that go with the vectors.
    ///
    /// - Throws: `CLIPError` with code `notFound` when a column is missing, or `unsupportedFormat` when one holds values
    ///   that are not read.
    func carriedColumns(_ options: ClipRetrievalEmbeddings.Options) throws -> [SourceColumn] {
        let columns = try metadata.plainStream(columns: [], rows: 1).columns.map {
            TableColumn(name: $0.name, format: $0.format)
        }
        func column(_ name: String) throws -> TableColumn {
            guard let column = columns.first(where: { $0.name == name }) else {
                let names = columns.map(\.name).joined(separator: ", ")
                throw CLIPError(.notFound, "\(metadata.path) has no column '\(name)'; it has: \(names).")
            }
            return column
        }
        let id = try column(options.idColumn)
        guard [.values(.text), .values(.integer)].contains(id.kind) else {
            throw CLIPError(
                .unsupportedFormat,
                "\(metadata.path): the column '\(id.name)' holds \(id.content); ids are texts or integers."
            )
        }
        let carried = try options.carriedColumns?.map(column) ?? columns.filter { $0.name != id.name }
        return try carried.map { column in
            guard case .values(let kind) = column.kind else {
                throw CLIPError(
                    .unsupportedFormat,
                    "\(metadata.path): the column '\(column.name)' holds \(column.content) and cannot be carried. Name "
                        + "the columns to carry."
                )
            }
            return SourceColumn(column.name, kind)
        }
    }

    /// Calls `body` with consecutive blocks of at most `rows` rows.
    ///
    /// - Throws: `CLIPError` as `ClipRetrievalEmbeddings.forEachBlock` says; what `body` throws.
    func forEachBlock(
        rows: Int,
        idColumn: String,
        columns: [SourceColumn],
        _ body: (EmbeddingBlock) throws -> Void
    ) throws {
        let stream = try metadata.plainStream(columns: [idColumn] + columns.map(\.name), rows: rows)
        let kinds = stream.columns.map { TableColumn(name: $0.name, format: $0.format).kind }
        var start = 0
        while let batch = try stream.next() {
            let end = start + batch.count
            let embeddings = try unitVectors(start..<end)
            let (ids, origins) = try withExtendedLifetime(batch) {
                let cells = kinds.indices.map { TableCells(batch, column: $0, kind: kinds[$0]) }
                let ids = try (0..<batch.count).map { try id(cells[0][$0], row: start + $0, column: idColumn) }
                return (ids, (0..<batch.count).map { row in ImageOrigin(values: cells.dropFirst().map { $0[row] }) })
            }
            try body(EmbeddingBlock(ids: ids, embeddings: embeddings, origins: columns.isEmpty ? [] : origins))
            start = end
        }
    }

    private func id(_ value: ColumnValue, row: Int, column: String) throws -> String {
        switch value {
        case .text(let text): return text
        case .integer(let number): return String(number)
        case .number, .boolean, .missing:
            throw CLIPError(.corruptData, "\(metadata.path): row \(row) has no value in the column '\(column)'.")
        }
    }

    private func unitVectors(_ rows: Range<Int>) throws -> EmbeddingMatrix {
        var matrix = try vectors.rows(rows)
        if let row = matrix.firstRowNotOfUnitLength() {
            throw CLIPError(
                .invalidEmbeddings,
                "\(vectors.path): the vector of row \(rows.lowerBound + row) has length \(matrix.norm(row: row)) instead "
                    + "of 1. The file was written in another way, or is damaged."
            )
        }
        try matrix.normalizeRows()
        return matrix
    }
}
