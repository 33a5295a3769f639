internal import CLIPCore
internal import CLIPPipeline

/// The files of a store while one run writes to it, from taking the lock to giving it back.
final class StoreSession {
    let identity: StoreIdentity
    let layout: StoreLayout
    let files: StoreFiles
    private let options: ParquetStoreWriter.Options
    private let clock = ContinuousClock()
    private let lock: StoreLock

    /// The parts, in the order they were written.
    var names: [PartName]
    /// The part that comes next.
    var nextName: PartName
    /// The committed images of each part; `nil` until the first use.
    var parts: [PartName: ImageIDSet]?
    /// Rows that two runs at a time left, which the next commit removes.
    var doubled = [PartName: DroppedRows]()
    /// Number of images that had more than one row.
    private(set) var doubledCount = 0
    /// Parts that cannot be written anew because they cannot be read, and why.
    var damaged = [PartName: CLIPError]()
    /// Number of images whose new vectors were left out because a damaged part holds their old ones.
    var withheldCount = 0

    /// The part that is being written, and the images in it.
    var pending: (writer: ParquetFileWriter, keys: Set<ImageIDKey>)?
    /// Committed rows that a commit removes, besides those that are written anew.
    var removed = Set<ImageIDKey>()
    var failures = [FailedImage]()
    /// Number of failures that the store's file lists.
    var writtenFailureCount = 0
    /// Where the images of this run and those before it are.
    var sources: [SourceRecord]
    var isMarkedIncomplete = false
    var oldestUncommitted: ContinuousClock.Instant?

    /// Takes the lock and looks at what is there.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch`, `storage` or `corruptData`.
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
        lock = try StoreLock(folder: layout.folder)
        self.files = files.guarded(by: lock)
        names = try layout.parts()
        for name in names {
            try layout.reading(name) { try StoreIdentity($0).requireSame(identity, folder: layout.folder) }
        }
        nextName = try PartName(after: names, in: layout.folder)
        try layout.removeLeftovers(self.files)
        let known = try FailuresFile.sources(layout)
        sources = options.sources.map { known.adding($0.withoutSecrets) } ?? known
    }

    /// The images that earlier runs stored.
    func storedImages() throws -> StoredImages {
        let index = try StoreIndex(names, layout: layout)
        parts = index.parts
        doubled = index.doubled
        doubledCount = index.doubledCount
        return index.images
    }

    func append(_ block: EmbeddingBlock) throws {
        var rest = 0..<block.ids.count
        while !rest.isEmpty {
            let rows = rest.prefix(options.rowsPerPart - (pending?.keys.count ?? 0))
            try write(block.rows(rows))
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
        sources = sources.suffix(1)
        try commit(everything: true)
        return count
    }

    /// Makes everything durable.
    func finish(_ ending: RunEnding) throws {
        try commit(everything: true)
        if names.isEmpty {
            let part = try startPart()
            try part.complete()
            try part.commitNew()
        }
        if ending == .complete, damaged.isEmpty { try writeFailures(isComplete: true) }
    }

    private func write(_ block: EmbeddingBlock) throws {
        let all = block.ids.map { ImageIDKey($0) }
        precondition(Set(all).count == all.count, "an image is in a block once")
        _ = try committedParts()
        let kept = all.indices.filter { !isInDamagedPart(all[$0]) }
        withheldCount += all.count - kept.count
        guard !kept.isEmpty else { return }
        let block = kept.count == all.count ? block : block.rows(kept)
        let keys = Set(kept.map { all[$0] })
        if let pending, !pending.keys.isDisjoint(with: keys) { try commit() }
        var part = try pending ?? (startPart(), [])
        try part.writer.write(identity.schema.table(block))
        part.keys.formUnion(keys)
        pending = part
        removed.subtract(keys)
        oldestUncommitted = oldestUncommitted ?? clock.now
        if part.keys.count >= options.rowsPerPart { try commit() }
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

    private func commitIfDue() throws {
        guard pending != nil || areFailuresWorthWriting, let oldestUncommitted,
            clock.now - oldestUncommitted >= options.commitInterval
        else { return }
        try commit()
    }
}
