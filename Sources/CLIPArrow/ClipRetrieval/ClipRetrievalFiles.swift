internal import CLIPCore

/// A file of vectors and its file of metadata.
struct ClipRetrievalFiles: Sendable {
    let vectors: NumPyMatrix
    let metadata: ParquetFileReader

    /// Opens both files.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if their numbers of rows differ; what opening them throws.
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

    /// The columns to keep with the vectors: the named ones, or all except the ids.
    ///
    /// - Throws: `CLIPError` with code `notFound` if a column is missing, or `unsupportedFormat` if one has values of
    ///   an unsupported type.
    func carriedColumns(_ names: [String]?, idColumn: String) throws -> [SourceColumn] {
        let columns = try metadata.plainStream(columns: [], rows: 1).columns.map(TableColumn.init)
        func column(_ name: String) throws -> TableColumn {
            guard let column = columns.first(where: { $0.name == name }) else {
                let known = columns.map(\.name).joined(separator: ", ")
                throw CLIPError(.notFound, "\(metadata.path) has no column '\(name)'. Its columns are \(known).")
            }
            return column
        }
        let id = try column(idColumn)
        guard id.canBeID else {
            throw CLIPError(
                .unsupportedFormat,
                "\(metadata.path): the column '\(id.name)' holds \(id.content); they cannot be ids."
            )
        }
        let carried = try names?.map(column) ?? columns.filter { $0.name != id.name }
        return try carried.map { column in
            guard let kind = column.carriedKind else {
                throw CLIPError(
                    .unsupportedFormat,
                    "\(metadata.path): the column '\(column.name)' holds \(column.content), which cannot be stored. List "
                        + "the columns to keep."
                )
            }
            return SourceColumn(column.name, kind)
        }
    }

    /// Calls `body` with consecutive blocks of at most `rows` rows.
    ///
    /// - Throws: `CLIPError` as described for `ClipRetrievalStore.forEachBlock`; what `body` throws.
    func forEachBlock(
        rows: Int,
        idColumn: String,
        columns: [SourceColumn],
        _ body: (EmbeddingBlock) throws -> Void
    ) throws {
        let stream = try metadata.plainStream(columns: [idColumn] + columns.map(\.name), rows: rows)
        let table = TableRows(stream, columns: stream.columns.map(TableColumn.init))
        var start = 0
        while let batch = try table.next() {
            let end = start + batch.count
            // The footer's row count, which was compared with the number of vectors, may be wrong.
            guard end <= vectors.count else { throw otherRowCount(end) }
            let embeddings = try unitVectors(start..<end)
            let rows = try withExtendedLifetime(batch) {
                try (0..<batch.count).map { try self.row($0, of: batch, start: start, idColumn: idColumn) }
            }
            let (ids, origins) = (rows.map(\.id), rows.map(\.origin))
            try body(EmbeddingBlock(ids: ids, embeddings: embeddings, origins: columns.isEmpty ? [] : origins))
            start = end
        }
        guard start == vectors.count else { throw otherRowCount(start) }
    }

    private func row(
        _ row: Int,
        of batch: TableBatch,
        start: Int,
        idColumn: String
    ) throws -> (id: String, origin: ImageOrigin) {
        do throws(CellFault) {
            guard let id = try batch.cells[0].text(row) else {
                throw CellFault(reason: "has no value in the column '\(idColumn)'")
            }
            var values = [ColumnValue]()
            for cells in batch.cells.dropFirst() { values.append(try cells.value(row)) }
            return (id, ImageOrigin(values: values))
        } catch {
            throw CLIPError(.corruptData, "\(metadata.path): row \(start + row + 1) \(error.reason).")
        }
    }

    private func otherRowCount(_ count: Int) -> CLIPError {
        CLIPError(
            .corruptData,
            "\(metadata.path) is damaged: it has \(count) rows, but its footer says \(vectors.count)."
        )
    }

    private func unitVectors(_ rows: Range<Int>) throws -> EmbeddingMatrix {
        var matrix = try vectors.rows(rows)
        if let row = matrix.firstRowNotOfUnitLength() {
            throw CLIPError(
                .invalidEmbeddings,
                "\(vectors.path): the vector of row \(rows.lowerBound + row + 1) has length \(matrix.norm(row: row)) instead "
                    + "of 1. The file is not from clip-retrieval, or is damaged."
            )
        }
        try matrix.normalizeRows()
        return matrix
    }
}
