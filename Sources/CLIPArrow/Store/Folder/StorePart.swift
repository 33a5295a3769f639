internal import CLIPCore

/// A part of a store, opened only while it is read: a store may have more parts than a process may have open files.
struct StorePart {
    let path: String
    let identity: StoreIdentity
    let rowCount: Int
    let byteCount: Int
    /// The size and modification time, to detect that a part was rewritten.
    private let version: String

    /// Reads the file's metadata.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `corruptData`.
    init(_ file: ParquetFileReader) throws {
        path = file.path
        identity = try StoreIdentity(file)
        rowCount = file.rowCount
        byteCount = try FileBytes.size(file.path)
        version = Self.version(file.path)
    }

    /// All parts of a store, which have the same model and columns.
    ///
    /// - Throws: `CLIPError` with code `notFound` if there are none, `corruptData` or `modelMismatch`.
    static func all(of layout: StoreLayout) throws -> [StorePart] {
        var attempts = 10
        while true {
            let names = try layout.parts()
            attempts -= 1
            let parts = Result { try names.map { name in try layout.reading(name) { try StorePart($0) } } }
            // A run may commit, or compaction may remove parts, between listing and opening them.
            if attempts > 0, try layout.parts() != names { continue }
            if case .failure = parts { try layout.requireOwnFiles() }
            return try checked(parts.get(), layout)
        }
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// A vector that is not of unit length is detected when its block is read. One whose length differs from 1 by more than
    /// rounding, as in parts of other programs or with 16-bit floats, is normalised, so that products are cosines.
    ///
    /// - Throws: `CLIPError` with code `corruptData`, `unreadable`, or `conflict` if the part was replaced since it was
    ///   opened; what `body` throws.
    func forEachPendingBlock(rows: Int, origins: Bool, _ body: (PendingBlock) throws -> Void) throws {
        let file = try reopened()
        let schema = try StoreIdentity(file).schema
        try schema.forEachPendingBlock(of: file, rows: rows, origins: origins) { [path] stored in
            try body(
                PendingBlock(ids: stored.ids) {
                    var block = try stored.read()
                    try block.requireUnitLength(store: path)
                    return try block.normalized(all: schema.elementType == .float16)
                }
            )
        }
    }

    /// Reads something of a part, and adds advice to the error if it is damaged.
    ///
    /// - Throws: What `body` throws.
    static func advisingRepair<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as CLIPError where error.code == .corruptData {
            throw error.advising(
                "The file is damaged: run 'clip-cli store repair', which keeps what is sound, and then 'embed' as before."
            )
        }
    }

    /// Reopens the file, if it is unchanged.
    private func reopened() throws -> ParquetFileReader {
        let file: ParquetFileReader
        do {
            file = try ParquetFileReader(path: path)
        } catch let error as CLIPError where error.code == .notFound {
            throw changed
        }
        guard file.rowCount == rowCount, Self.version(path) == version else { throw changed }
        return file
    }

    private var changed: CLIPError {
        CLIPError(
            .conflict,
            "\(path) was replaced or removed while the store was read: another run is writing to it. Read the store again "
                + "when that run has ended."
        )
    }

    private static func version(_ path: String) -> String {
        FileVersion.read(bytesOfPath: Array(path.utf8))
    }

    private static func checked(_ parts: [StorePart], _ layout: StoreLayout) throws -> [StorePart] {
        guard let first = parts.first else {
            let problem = "There are no embeddings in \(layout.folder)"
            if layout.wasRepaired, try !FailuresFile.isComplete(layout) {
                throw CLIPError(
                    .notFound,
                    "\(problem): 'store repair' has moved its damaged files to \(layout.damaged). Run 'embed' as before."
                )
            }
            try FailuresFile.requireOwn(layout)
            if let reason = try FailuresFile.whyAllFailed(layout) {
                throw CLIPError(.notFound, "\(problem): \(reason)")
            }
            if let error = try layout.misnamedPart(problem) { throw error }
            let error = CLIPError(.notFound, "\(problem): it has no part-*.parquet.")
            guard try !layout.holdsStore() else { throw error }
            throw error.advising("It is not a store: pass the folder that 'embed' wrote.")
        }
        for part in parts.dropFirst() {
            try first.identity.requireReadableWith(part.identity, paths: (first.path, part.path))
        }
        return parts
    }
}

extension EmbeddingBlock {
    /// The block with unit vectors: rounding to 16 bits changes the length by a fraction of up to 2⁻¹¹.
    ///
    /// Unless `all` are normalised, vectors that were normalised in 32 bits keep their bits.
    fileprivate func normalized(all: Bool) throws -> EmbeddingBlock {
        var embeddings = embeddings
        if all { try embeddings.normalizeRows() } else { try embeddings.normalizeInexactRows() }
        return EmbeddingBlock(ids: ids, embeddings: embeddings, origins: origins)
    }
}
