public import CLIPCore

/// Writes a store of embeddings, which is a folder of Parquet files, or updates an existing one.
///
/// `part-00000.parquet` and so on hold one row per image; `rejects.parquet` lists the failed images. Pandas, Polars,
/// DuckDB and Spark can read the files directly. At any time, even after the process is killed or the power fails, the
/// parts are valid and have at most one row per image. The exception is a store to which two computers wrote at the
/// same time without seeing each other's locks: an image may then have two rows, of which the next run keeps the last.
///
/// The store is locked until ``finish(_:)``, or until reading or writing fails, after which the writer accepts nothing
/// more. A finished writer can be used for another run.
///
/// ```swift
/// let store = try ParquetStoreWriter(path: "embeddings", provenance: provenance, columns: source.columns)
/// ```
public actor ParquetStoreWriter: EmbeddingWriter {
    /// The origin of the vectors.
    public nonisolated let provenance: Provenance
    private let layout: StoreLayout
    private let identity: StoreIdentity
    private let options: Options
    private let files: StoreFiles
    /// Exists while the lock is held.
    private var session: StoreSession?
    /// The number of images that had more than one row when the run began; the last row is kept.
    package private(set) var doubledCount = 0
    /// Set when reading or writing failed; the store then accepts nothing more.
    private var failure: (any Error)?
    /// Commits what was stored if nothing else happens until then.
    private var nextCommit: Task<Void, Never>?

    /// Opens a store, or creates it with its folder.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - provenance: The origin of the vectors.
    ///   - columns: The source columns.
    ///   - options: Options for writing.
    /// - Throws: `CLIPError` with code `modelMismatch` if the folder holds embeddings with another model or other
    ///   settings, `unsupportedFormat` if its parts have columns of other kinds than a source's, which would be lost;
    ///   `storage` if it cannot be written, another run is writing to it, or a column name is reserved;
    ///   `corruptData` if a file of the store is damaged.
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
        self.provenance = provenance
        layout = StoreLayout(folder: path)
        self.options = options
        self.files = files
        session = try StoreSession(layout: layout, identity: identity, options: options, files: files)
    }

    /// The images stored by earlier runs.
    ///
    /// Does not read vectors.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if a part is damaged.
    public func storedImages() throws -> StoredImages {
        try guarded { session in
            let images = try session.storedImages()
            doubledCount = session.doubledCount
            return images
        }
    }

    /// Stores vectors.
    ///
    /// A vector with an existing id replaces the older one, whether it was stored by an earlier run or in an earlier
    /// block.
    ///
    /// - Throws: `CLIPError` with code `invalidEmbeddings` if an id occurs twice in the block, of which nothing is then
    ///   stored; the writer stays usable. `storage`, or `conflict` if another run has taken over the store.
    public func append(_ block: EmbeddingBlock) throws {
        let keys = try block.distinctKeys(store: layout.folder)
        try guarded { try $0.append(block, keys) }
        planCommit()
    }

    /// Records a failed image, and removes its stored vector unless that is to be kept.
    ///
    /// Failed images are kept in memory until the end of the run.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    public func recordFailure(_ image: FailedImage) throws {
        try guarded { try $0.recordFailure(image) }
        planCommit()
    }

    /// Removes the vectors of images that are not among `ids`.
    ///
    /// - Returns: The number of removed vectors.
    /// - Throws: `CLIPError` with code `storage`.
    public func removeImages(notIn ids: ImageIDSet) throws -> Int {
        try guarded { try $0.removeImages(notIn: ids) }
    }

    /// Writes everything to disk and unlocks the store.
    ///
    /// Does nothing if no run has begun since the last one was finished.
    ///
    /// - Throws: `CLIPError` with code `storage`; `corruptData` if an older part is damaged, so that the new vectors of
    ///   its images could not be stored, while all others were.
    public func finish(_ ending: RunEnding) throws {
        guard session != nil || failure != nil else { return }
        let damage = try guarded { session in
            try session.finish(ending)
            return session.damage
        }
        session = nil
        nextCommit?.cancel()
        nextCommit = nil
        if let damage { throw damage }
    }

    /// Makes sure that a commit is not put off until another image arrives: those that follow may be unchanged, or come
    /// late.
    private func planCommit() {
        guard nextCommit == nil, let time = session?.timeUntilCommit else { return }
        nextCommit = Task { [weak self] in
            // Sleeping for ever is an error.
            do { try await Task.sleep(for: min(time, .seconds(86_400))) } catch { return }
            await self?.commitAsPlanned()
        }
    }

    private func commitAsPlanned() {
        nextCommit = nil
        guard session != nil else { return }
        do {
            try guarded { try $0.commitIfDue() }
            planCommit()
        } catch {
            // The next operation throws it.
        }
    }

    /// Performs an operation that changes files; after a failure, no further operation is performed.
    private func guarded<Result>(_ body: (StoreSession) throws -> Result) throws -> Result {
        if let failure { throw failure }
        let session =
            try session ?? StoreSession(layout: layout, identity: identity, options: options, files: files)
        self.session = session
        do {
            return try session.lock.explainingConflicts { try body(session) }
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
