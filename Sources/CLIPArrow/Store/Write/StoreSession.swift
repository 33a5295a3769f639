internal import CLIPCore
internal import CLIPPipeline

/// The files of a store during one run, from locking to unlocking.
final class StoreSession {
    let identity: StoreIdentity
    let layout: StoreLayout
    let files: StoreFiles
    private let options: ParquetStoreWriter.Options
    private let clock = ContinuousClock()
    let lock: StoreLock

    /// The names of the parts, in the order they were written.
    var names: [PartName]
    /// The name of the next part.
    var nextName: PartName
    /// The committed images of each part; `nil` before first use.
    var parts: [PartName: ImageIDSet]?
    /// Duplicate rows from concurrent runs, which the next commit removes.
    var doubled = [PartName: DroppedRows]()
    /// The number of images that had more than one row.
    private(set) var doubledCount = 0
    /// Parts that cannot be rewritten because they cannot be read, and the errors.
    var damaged = [PartName: CLIPError]()
    /// The number of images whose new vectors were left out because a damaged part has their old ones.
    var withheldCount = 0

    /// The part being written, and its images.
    var pending: (writer: ParquetFileWriter, keys: Set<ImageIDKey>)?
    /// Committed rows that the next commit removes without replacement.
    var removed = Set<ImageIDKey>()
    var failures = [FailedImage]()
    /// The number of failures in the store's file.
    var writtenFailureCount = 0
    /// The sources of this run and of earlier runs.
    var sources: [SourceRecord]
    var isMarkedIncomplete = false
    var oldestUncommitted: ContinuousClock.Instant?

    /// Locks the store and lists its files.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch`, `unsupportedFormat`, `storage` or `corruptData`.
    init(
        layout: StoreLayout,
        identity: StoreIdentity,
        options: ParquetStoreWriter.Options,
        files: StoreFiles
    ) throws {
        self.layout = layout
        self.identity = identity
        self.options = options
        try layout.create()
        let lock = try StoreLock(folder: layout.folder)
        let files = files.guarded(by: lock)
        let (names, known) = try lock.explainingConflicts {
            try layout.requireNoAdoption()
            try FailuresFile.requireOwn(layout)
            let names = try layout.parts()
            for name in names {
                let stored = try StoreSession.identity(of: name, layout)
                try stored.requireSame(identity, folder: layout.folder)
                try stored.requireNoOtherColumns(
                    path: layout.path(name),
                    advice: ", remove them, or choose another folder"
                )
            }
            try layout.removeLeftovers(files)
            return (names, try FailuresFile.sources(layout))
        }
        self.lock = lock
        self.files = files
        self.names = names
        nextName = try PartName(after: names, in: layout.folder)
        sources = options.sources.map { known.adding($0.withoutSecrets) } ?? known
    }

    /// The properties of a part.
    private static func identity(of part: PartName, _ layout: StoreLayout) throws -> StoreIdentity {
        do {
            return try layout.reading(part) { try StoreIdentity($0) }
        } catch {
            try layout.requireOwnFiles()
            throw error
        }
    }

    /// The images stored by earlier runs.
    func storedImages() throws -> StoredImages {
        let index = try StoreIndex(names, layout: layout)
        parts = index.parts
        doubled = index.doubled
        doubledCount = index.doubledCount
        return index.images
    }

    /// Stores vectors; `keys` are those of the block's ids, none of which occurs twice.
    func append(_ block: EmbeddingBlock, _ keys: Set<ImageIDKey>) throws {
        var rest = 0..<block.ids.count
        while !rest.isEmpty {
            let rows = rest.prefix(options.rowsPerPart - (pending?.keys.count ?? 0))
            let isWhole = rows.count == block.ids.count
            try write(isWhole ? block : block.rows(rows), isWhole ? keys : Set(block.ids[rows].map { ImageIDKey($0) }))
            rest = rows.upperBound..<rest.upperBound
        }
        try commitIfDue()
    }

    func recordFailure(_ image: FailedImage) throws {
        let key = ImageIDKey(image.id)
        if !image.keepsVector {
            if pending?.keys.contains(key) == true { try commit() }
            if try committedParts().values.contains(where: { $0.contains(key) }) { removed.insert(key) }
        }
        failures.append(image)
        oldestUncommitted = oldestUncommitted ?? clock.now
        try commitIfDue()
    }

    func removeImages(notIn ids: ImageIDSet) throws -> Int {
        try commit(everything: true)
        let parts = try committedParts().filter { damaged[$0.key] == nil }
        removed = Set(parts.values.flatMap(\.keys).filter { !ids.contains($0) })
        let count = removed.count
        sources = sources.suffix(1).reduce(into: []) { $0 = $0.adding($1) }
        try commit(everything: true)
        return count
    }

    /// Writes everything to disk.
    func finish(_ ending: RunEnding) throws {
        try commit(everything: true)
        if names.isEmpty {
            // So that the store says that it is incomplete, and where its images are.
            if ending == .stopped, !isMarkedIncomplete { try writeFailures(isComplete: false) }
            let part = try startPart()
            try part.complete()
            try part.commitNew()
        }
        if ending == .complete, damaged.isEmpty { try writeFailures(isComplete: true) }
    }

    private func write(_ block: EmbeddingBlock, _ keys: Set<ImageIDKey>) throws {
        _ = try committedParts()
        let withheld = damaged.isEmpty ? [] : keys.filter(isInDamagedPart)
        withheldCount += withheld.count
        guard withheld.count < keys.count else { return }
        guard withheld.isEmpty else {
            let kept = block.ids.indices.filter { !withheld.contains(ImageIDKey(block.ids[$0])) }
            return try writeKept(block.rows(kept), keys.subtracting(withheld))
        }
        try writeKept(block, keys)
    }

    private func writeKept(_ block: EmbeddingBlock, _ keys: Set<ImageIDKey>) throws {
        if let pending, !pending.keys.isDisjoint(with: keys) { try commit() }
        if pending == nil { pending = (try startPart(), []) }
        try pending?.writer.write(identity.schema.table(block))
        // In place: a copy would take as long as the part has images.
        pending?.keys.formUnion(keys)
        removed.subtract(keys)
        oldestUncommitted = oldestUncommitted ?? clock.now
        if let pending, pending.keys.count >= options.rowsPerPart { try commit() }
    }

    private func startPart() throws -> ParquetFileWriter {
        try ParquetFileWriter(
            path: layout.path(nextName),
            fields: identity.schema.fields,
            metadata: identity.provenance.metadata,
            files: files
        )
    }

    private func committedParts() throws -> [PartName: ImageIDSet] {
        if parts == nil { _ = try storedImages() }
        return parts ?? [:]
    }

    /// How long it takes until a commit is due; `nil` if there is nothing to commit.
    var timeUntilCommit: Duration? {
        guard pending != nil || areFailuresWorthWriting, let oldestUncommitted else { return nil }
        return options.commitInterval - (clock.now - oldestUncommitted)
    }

    func commitIfDue() throws {
        guard let timeUntilCommit, timeUntilCommit <= .zero else { return }
        try commit()
    }
}
