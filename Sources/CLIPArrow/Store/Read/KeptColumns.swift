package import CLIPCore

/// A store with some of its source columns.
package struct KeptColumns<Store: EmbeddingReader>: EmbeddingReader {
    /// The columns that are kept, in the store's order.
    package let columns: [SourceColumn]
    private let store: Store
    private let positions: [Int]

    /// Keeps columns.
    ///
    /// - Parameters:
    ///   - names: The names of the columns to keep; `nil` for all.
    ///   - store: The store.
    ///   - columns: Its columns, which are those of its blocks' origins.
    ///   - others: The names of its columns of kinds that are not read.
    /// - Throws: `CLIPError` with code `notFound` if there is no column with one of the names, `unsupportedFormat` if
    ///   columns that are not read are to be kept.
    package init(_ names: [String]?, of store: Store, columns: [SourceColumn], others: [String] = []) throws {
        // Names differ in their bytes: a `String` equals others that Unicode composes differently.
        func isNamed(_ column: SourceColumn, _ name: String) -> Bool { column.name.utf8.elementsEqual(name.utf8) }
        let unread = others.filter { other in names?.contains { $0.utf8.elementsEqual(other.utf8) } ?? true }
        guard unread.isEmpty else {
            throw CLIPError(
                .unsupportedFormat,
                "\(store.name) has columns of kinds that cannot be exported: \(unread.joined(separator: ", ")). Name the "
                    + "columns to export with --keep-columns (with --keep-columns '', none), or convert these to text, "
                    + "64-bit integers, 64-bit floats or booleans."
            )
        }
        for name in names ?? [] where !columns.contains(where: { isNamed($0, name) }) {
            let known = columns.map(\.name).joined(separator: ", ")
            throw CLIPError(
                .notFound,
                "\(store.name) has no column '\(name)'. \(known.isEmpty ? "It has none." : "Its columns are \(known).")"
            )
        }
        positions = columns.indices.filter { index in
            names?.contains { isNamed(columns[index], $0) } ?? true
        }
        self.columns = positions.map { columns[$0] }
        self.store = store
    }

    /// The store's name in error messages.
    package var name: String { store.name }
    /// How the vectors were made.
    package var provenance: Provenance { store.provenance }
    /// The number of vectors.
    package var count: Int { store.count }

    /// Calls `body` with consecutive blocks of at most `rows` vectors, in store order.
    ///
    /// - Throws: What reading the store throws; what `body` throws.
    package func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        try store.forEachBlock(rows: rows) { block in
            let origins = block.origins.map { origin in
                ImageOrigin(
                    version: origin.version,
                    contentHash: origin.contentHash,
                    values: origin.values.isEmpty ? [] : positions.map { origin.values[$0] },
                    damage: origin.damage
                )
            }
            try body(EmbeddingBlock(ids: block.ids, embeddings: block.embeddings, origins: origins))
        }
    }
}
