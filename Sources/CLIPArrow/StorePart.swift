internal import CLIPCore

/// A part of a store that is read, opened when it is needed: a store may have more parts than a process files.
struct StorePart {
    let path: String
    let identity: StoreIdentity
    let rowCount: Int
    let byteCount: Int

    /// Reads what the file says about itself.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `corruptData`.
    init(path: String) throws {
        let file = try ParquetFileReader(path: path)
        self.path = path
        identity = try StoreIdentity(file)
        rowCount = file.rowCount
        byteCount = try FileBytes.size(path)
    }

    /// All parts of a store, of one model and with the same columns.
    ///
    /// - Throws: `CLIPError` with code `notFound` when there are none, `corruptData` or `modelMismatch`.
    static func all(of layout: StoreLayout) throws -> [StorePart] {
        var attempts = 10
        while true {
            let names = try layout.parts()
            attempts -= 1
            let parts = Result { try names.map { try StorePart(path: layout.path($0)) } }
            // A run may commit, or a compaction remove parts, between listing and opening them.
            if attempts > 0, try layout.parts() != names { continue }
            return try checked(parts.get(), folder: layout.folder)
        }
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// A vector that is not of unit length is found when its block is read.
    ///
    /// - Throws: `CLIPError` with code `corruptData` or `unreadable`; what `body` throws.
    func forEachPendingBlock(rows: Int, origins: Bool, _ body: (PendingBlock) throws -> Void) throws {
        let file = try ParquetFileReader(path: path)
        let schema = try StoreIdentity(file).schema
        try schema.forEachPendingBlock(of: file, rows: rows, origins: origins) { [path] stored in
            try body(
                PendingBlock {
                    let block = try stored.read()
                    try block.requireUnitLength(store: path)
                    return schema.elementType == .float16 ? try block.normalized() : block
                }
            )
        }
    }

    private static func checked(_ parts: [StorePart], folder: String) throws -> [StorePart] {
        guard let first = parts.first else {
            throw CLIPError(.notFound, "There are no embeddings in \(folder): it has no part-*.parquet.")
        }
        for part in parts.dropFirst() {
            try first.identity.requireReadableWith(part.identity, paths: (first.path, part.path))
        }
        return parts
    }
}

extension EmbeddingBlock {
    /// The block with vectors of length 1: rounding to 16 bits changes the length by up to 2⁻¹¹ of it.
    fileprivate func normalized() throws -> EmbeddingBlock {
        var embeddings = embeddings
        try embeddings.normalizeRows()
        return EmbeddingBlock(ids: ids, embeddings: embeddings, origins: origins)
    }
}
