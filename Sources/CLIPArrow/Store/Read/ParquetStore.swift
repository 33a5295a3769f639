public import CLIPCore

/// Reads a store of embeddings: a folder of Parquet files, or a single part.
public struct ParquetStore: ParallelEmbeddingReader {
    /// The store's name in error messages.
    public let name: String
    /// The origin of the vectors.
    public let provenance: Provenance
    /// The source columns, whose values blocks include with `includesOrigins`.
    public let columns: [SourceColumn]
    /// The data type of the stored vectors; they are read as 32-bit floats of length 1.
    package let elementType: EmbeddingElementType
    /// Number of vectors.
    public let count: Int
    /// Whether the run that wrote the store was complete.
    ///
    /// Always true for a single part.
    public let isComplete: Bool
    let parts: [StorePart]
    /// `nil` for a single part.
    let layout: StoreLayout?
    private let includesOrigins: Bool

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - path: A folder written by ``ParquetStoreWriter``, or one of its `part-*.parquet` files.
    ///   - includesOrigins: Whether blocks include the origins of the vectors, which takes longer.
    /// - Throws: `CLIPError` with code `notFound` if there are no embeddings, `corruptData` if a file is damaged or not
    ///   an embeddings file, `modelMismatch` if the parts come from different models.
    public init(path: String, includesOrigins: Bool = false) throws {
        switch try Self.kind(of: path) {
        case .file:
            parts = [try Self.part(path)]
            layout = nil
            isComplete = true
        case .folder:
            let layout = StoreLayout(folder: path)
            self.layout = layout
            parts = try StorePart.all(of: layout)
            isComplete = try FailuresFile.isComplete(layout)
        }
        name = path
        provenance = parts[0].identity.provenance
        columns = parts[0].identity.schema.columns
        elementType = parts[0].identity.schema.elementType
        count = try parts.total(\.rowCount)
        self.includesOrigins = includesOrigins
    }

    /// Opens a single part.
    ///
    /// Where its name is no part's, it may be another file, such as one of results.
    private static func part(_ path: String) throws -> StorePart {
        do {
            return try StorePart(ParquetFileReader(path: path))
        } catch let error as CLIPError where error.code == .corruptData {
            guard !PartName.isLike(String(PendingFile.parts(of: path).name)) else { throw error }
            throw error.advising("If it is not a part of a store, pass the folder that 'embed' wrote.")
        }
    }

    private static func kind(of path: String) throws -> PathKind {
        do {
            return try PathKind(path)
        } catch let error as CLIPError where error.code == .notFound && !path.hasSuffix(".parquet") {
            throw CLIPError(
                .notFound,
                "There is no store at \(path). Create it with 'clip-cli embed <photos> --output \(path)'."
            )
        }
    }

    /// Whether a file with this name in a store's folder belongs to the store.
    package static func isFileName(_ name: String) -> Bool {
        StoreLayout.isOwn(name) || name == StoreLock.fileName
    }

    /// Whether a folder contains files of a store.
    package static func isStore(_ folder: String) -> Bool {
        (try? StoreLayout(folder: folder).holdsStore()) ?? false
    }

    /// The names of columns of kinds that this library does not read.
    package var otherColumns: [String] {
        var names = Set<[UInt8]>()
        return parts.flatMap(\.identity.schema.otherColumns).filter { names.insert(Array($0.utf8)).inserted }
    }

    /// Throws if a part has other columns than ``columns``.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that names the parts and their columns.
    package func requireSameColumns() throws {
        for part in parts { try requireColumns(of: part) }
    }

    private func requireColumns(of part: StorePart) throws {
        try parts[0].identity.requireSameColumns(part.identity, paths: (parts[0].path, part.path))
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors.
    ///
    /// - Throws: `CLIPError` if a file is damaged or a vector is not of unit length, with code `conflict` if another
    ///   run replaced a part since the store was opened, with code `modelMismatch` if origins are included and a part has
    ///   other columns than the first; what `body` throws.
    public func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        try forEachUnreadBlock(rows: rows) { try body($0.read()) }
    }

    /// The ids of all images, read without their vectors.
    ///
    /// - Throws: `CLIPError` if a file is damaged.
    package func imageIDs() throws -> ImageIDSet {
        var ids = ImageIDSet()
        try forEachUnreadBlock(rows: 8192) { block in
            for id in block.ids { ids.insert(id) }
        }
        return ids
    }

    /// Calls `body` with consecutive blocks of at most `rows` vectors, which are read and checked later, when `body` or
    /// another thread requests them.
    ///
    /// - Throws: `CLIPError` if a file is damaged; what `body` throws.
    package func forEachUnreadBlock(rows: Int, _ body: (PendingBlock) throws -> Void) throws {
        precondition(rows > 0, "a block has at least one row")
        for part in parts {
            if includesOrigins { try requireColumns(of: part) }
            // What `body` throws is not about the part.
            var failure: (any Error)?
            do {
                try StorePart.advisingRepair {
                    try part.forEachPendingBlock(rows: rows, origins: includesOrigins) { block in
                        do {
                            try body(PendingBlock(ids: block.ids) { try StorePart.advisingRepair(block.read) })
                        } catch {
                            failure = error
                            throw error
                        }
                    }
                }
            } catch {
                throw failure ?? error
            }
        }
    }
}
