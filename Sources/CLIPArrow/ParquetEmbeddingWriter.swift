public import CLIPCore

/// Writes a store of embeddings, a folder of Parquet files, and goes on with one that is there.
///
/// `part-00000.parquet` and so on hold a row for each image; `rejects.parquet` lists those that could not be embedded.
/// Pandas, Polars, DuckDB and Spark read them as they are. At every moment, also after the process was killed or the
/// power failed, the parts are whole and have at most one row for an image.
///
/// ```swift
/// let store = try ParquetEmbeddingWriter(folder: "embeddings", provenance: provenance, columns: source.columns)
/// ```
public actor ParquetEmbeddingWriter: EmbeddingWriter {
    let layout: StoreLayout
    let identity: StoreIdentity
    private let options: Options
    let files: StoreFiles
    private let clock = ContinuousClock()
    private var lock: StoreLock?
    /// Set when something could not be written or read: the store takes nothing more.
    private var failure: (any Error)?

    /// The committed images of each part, by its number; `nil` until the first use.
    var parts: [Int32: ImageIDSet]?
    var names: [Int32: PartName]
    var nextPart: Int32

    /// The part that is being written, and the images in it.
    var pending: (writer: ParquetFileWriter, keys: Set<ImageIDKey>)?
    /// Committed rows that the next commit removes, besides those that are written anew.
    var removed = Set<ImageIDKey>()
    var rejects = [RejectedImage]()
    /// Where the images of this run and those before it are.
    var sources: [SourceRecord]
    var hasNewRejects = false
    var isMarkedIncomplete = false
    var oldestUncommitted: ContinuousClock.Instant?

    /// Opens a store, or creates it and its folder.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - provenance: Where the vectors come from.
    ///   - columns: Columns of the source.
    ///   - options: How the store is written.
    /// - Throws: `CLIPError` with code `modelMismatch` when the folder holds embeddings that were made in another way;
    ///   `storage` when it cannot be written, another run is writing to it, or a column's name is the store's own.
    public init(
        folder: String,
        provenance: Provenance,
        columns: [SourceColumn] = [],
        options: Options = Options()
    ) throws {
        try self.init(
            folder: folder,
            provenance: provenance,
            columns: columns,
            options: options,
            files: StoreFiles()
        )
    }

    package init(
        folder: String,
        provenance: Provenance,
        columns: [SourceColumn] = [],
        options: Options = Options(),
        files: StoreFiles
    ) throws {
        precondition(options.rowsPerPart > 0, "a part has at least one row")
        let schema = try StoreSchema(
            dimension: provenance.dimension,
            elementType: options.elementType,
            columns: columns
        )
        identity = StoreIdentity(provenance: provenance, schema: schema)
        layout = StoreLayout(folder: folder)
        self.options = options
        self.files = files
        try layout.create()
        lock = try StoreLock(folder: folder)
        let parts = try layout.parts()
        for part in parts {
            try StoreIdentity(ParquetFileReader(path: layout.path(part))).requireSame(identity, folder: folder)
        }
        try layout.removeLeftovers(files)
        let known = try RejectsFile.sources(layout)
        sources = options.sources.map { known.adding($0.withoutSecrets) } ?? known
        names = Dictionary(uniqueKeysWithValues: parts.map { (Int32($0.first), $0) })
        nextPart = Int32((parts.last?.last ?? -1) + 1)
    }

    /// The images that earlier runs stored.
    ///
    /// Reads no vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when a part is damaged or has a second row for an image.
    public func storedImages() throws -> StoredImages {
        let index = try StoreIndex(names.values.sorted(), layout: layout)
        parts = index.parts
        return index.images
    }

    /// Stores vectors.
    ///
    /// One whose id is stored already takes the place of the older one.
    ///
    /// - Precondition: The ids of the block are different.
    /// - Throws: `CLIPError` with code `storage`.
    public func append(_ block: EmbeddingBlock) throws {
        var rest = 0..<block.ids.count
        while !rest.isEmpty {
            let rows = rest.prefix(options.rowsPerPart - (pending?.keys.count ?? 0))
            try write(block.rows(rows))
            rest = rows.upperBound..<rest.upperBound
        }
        try commitIfDue()
    }

    /// Records an image that could not be embedded, and removes the vector that is stored for it unless that stays.
    ///
    /// Rejected images are kept in memory until the end of the run.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func reject(_ image: RejectedImage) throws {
        try guarded {
            let key = ImageIDKey(image.id)
            if !image.keepsVector {
                if pending?.keys.contains(key) == true { try commit() }
                if try committedParts().values.contains(where: { $0.contains(key) }) { removed.insert(key) }
            }
            rejects.append(image)
            hasNewRejects = true
            oldestUncommitted = oldestUncommitted ?? clock.now
        }
        try commitIfDue()
    }

    /// Removes the vectors of images that are not among `ids`.
    ///
    /// - Returns: How many were removed.
    /// - Throws: `CLIPError` with code `storage`.
    public func removeImages(notIn ids: ImageIDSet) throws -> Int {
        try guarded {
            try commit()
            removed = Set(try committedParts().values.flatMap(\.keys).filter { !ids.contains($0) })
            defer { removed = [] }
            let count = removed.count
            sources = sources.suffix(1)
            try commit()
            return count
        }
    }

    /// Makes everything durable, and lets other runs in.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func finish(_ ending: RunEnding) throws {
        try guarded {
            try commit()
            if names.isEmpty {
                try startPart().close()
                names[nextPart] = PartName(Int(nextPart))
            }
            if ending == .complete { try writeRejects(isComplete: true) }
        }
        lock = nil
    }

    private func write(_ block: EmbeddingBlock) throws {
        try guarded {
            let keys = Set(block.ids.map { ImageIDKey($0) })
            precondition(keys.count == block.ids.count, "an image is in a block once")
            if let pending, !pending.keys.isDisjoint(with: keys) { try commit() }
            _ = try committedParts()
            var part = try pending ?? (startPart(), [])
            try part.writer.write(identity.schema.table(block))
            part.keys.formUnion(keys)
            pending = part
            oldestUncommitted = oldestUncommitted ?? clock.now
            if part.keys.count >= options.rowsPerPart { try commit() }
        }
    }

    private func committedParts() throws -> [Int32: ImageIDSet] {
        if parts == nil { _ = try storedImages() }
        return parts ?? [:]
    }

    private func commitIfDue() throws {
        guard let oldestUncommitted, clock.now - oldestUncommitted >= options.commitInterval else { return }
        try guarded { try commit() }
    }

    /// Does something that changes files; after a failure nothing more is done to them.
    private func guarded<Result>(_ body: () throws -> Result) throws -> Result {
        precondition(lock != nil, "the store is not used after it was finished")
        if let failure { throw failure }
        do {
            return try body()
        } catch {
            pending = nil
            let failure = Self.explained(error)
            self.failure = failure
            throw failure
        }
    }

    private static func explained(_ error: any Error) -> any Error {
        guard let error = error as? CLIPError, error.code == .storage else { return error }
        let advice =
            "What was committed before is unharmed. Free space on the disk, or restore access to it, and run again: "
            + "the run goes on from there."
        return CLIPError(.storage, "\(error.message) \(advice)", cause: error.cause)
    }
}
