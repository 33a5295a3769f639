public import CLIPCore

/// Writes a store of embeddings, a folder of Parquet files, or continues an existing one.
///
/// `part-00000.parquet` and so on hold a row for each image; `rejects.parquet` lists those that could not be embedded.
/// Pandas, Polars, DuckDB and Spark read them as they are. At every moment, also after the process was killed or the
/// power failed, the parts are whole and have at most one row for an image. Where two computers that do not see each other's
/// locks wrote at a time, an image may have two: the next run keeps the last one.
///
/// The store is locked until ``finish(_:)``, or until something cannot be written or read; then the writer takes nothing
/// more. A finished writer may be used for another run.
///
/// ```swift
/// let store = try ParquetStoreWriter(path: "embeddings", provenance: provenance, columns: source.columns)
/// ```
public actor ParquetStoreWriter: EmbeddingWriter {
    private let layout: StoreLayout
    private let identity: StoreIdentity
    private let options: Options
    private let files: StoreFiles
    /// From taking the lock to giving it back.
    private var session: StoreSession?
    /// Number of images that had more than one row when the run began; the last row is kept.
    package private(set) var doubledCount = 0
    /// Set when something could not be written or read: the store takes nothing more.
    private var failure: (any Error)?

    /// Opens a store, or creates it and its folder.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - provenance: Where the vectors come from.
    ///   - columns: Columns of the source.
    ///   - options: How the store is written.
    /// - Throws: `CLIPError` with code `modelMismatch` when the folder holds embeddings that were made in another way;
    ///   `storage` when it cannot be written, another run is writing to it, or a column's name is the store's own;
    ///   `corruptData` when a file of the store is damaged.
    public init(
        path: String,
        provenance: Provenance,
        columns: [SourceColumn] = [],
        options: Options = Options()
    ) throws {
        try self.init(
            path: path,
            provenance: provenance,
            columns: columns,
            options: options,
            files: StoreFiles()
        )
    }

    package init(
        path: String,
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
        layout = StoreLayout(folder: path)
        self.options = options
        self.files = files
        session = try StoreSession(layout: layout, identity: identity, options: options, files: files)
    }

    /// The images that earlier runs stored.
    ///
    /// Reads no vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` when a part is damaged.
    public func storedImages() throws -> StoredImages {
        try guarded { session in
            let images = try session.storedImages()
            doubledCount = session.doubledCount
            return images
        }
    }

    /// Stores vectors.
    ///
    /// One whose id is stored already replaces the older one.
    ///
    /// - Precondition: The ids of the block are different.
    /// - Throws: `CLIPError` with code `storage`, or `conflict` when another run took the store over.
    public func append(_ block: EmbeddingBlock) throws {
        try guarded { try $0.append(block) }
    }

    /// Records an image that could not be embedded, and removes the vector that is stored for it unless that stays.
    ///
    /// Failed images are kept in memory until the end of the run.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func recordFailure(_ image: FailedImage) throws {
        try guarded { try $0.recordFailure(image) }
    }

    /// Removes the vectors of images that are not among `ids`.
    ///
    /// - Returns: How many were removed.
    /// - Throws: `CLIPError` with code `storage`.
    public func removeImages(notIn ids: ImageIDSet) throws -> Int {
        try guarded { try $0.removeImages(notIn: ids) }
    }

    /// Makes everything durable, and lets other runs in.
    ///
    /// Does nothing when no run was begun since the last one was finished.
    ///
    /// - Throws: `CLIPError` with code `storage`; `corruptData` when an older part is damaged, so that new vectors of images
    ///   that are in it could not be stored: all others are.
    public func finish(_ ending: RunEnding) throws {
        guard session != nil || failure != nil else { return }
        let damage = try guarded { session in
            try session.finish(ending)
            return session.damage
        }
        session = nil
        if let damage { throw damage }
    }

    /// Does something that changes files; after a failure nothing more is done to them.
    private func guarded<Result>(_ body: (StoreSession) throws -> Result) throws -> Result {
        if let failure { throw failure }
        let session =
            try session ?? StoreSession(layout: layout, identity: identity, options: options, files: files)
        self.session = session
        do {
            return try body(session)
        } catch {
            self.session = nil
            let failure = Self.explained(error)
            self.failure = failure
            throw failure
        }
    }

    private static func explained(_ error: any Error) -> any Error {
        guard let error = error as? CLIPError, error.code == .storage else { return error }
        return error.advising(
            "Committed work is safe. Free disk space, or restore access to the disk, and rerun to resume."
        )
    }
}
