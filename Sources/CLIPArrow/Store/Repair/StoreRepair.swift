internal import CLIPCore
internal import CLIPEvaluation

/// Keeps what is sound of a store with damaged files.
///
/// Damaged files are moved into the store's folder `damaged/N`, and never removed. What is sound of a damaged part becomes
/// a part of the same name. The ids of all other images are listed in `damaged/N/images.csv`: the next run embeds them.
package struct StoreRepair: Sendable, Hashable {
    /// The damaged files, where they were.
    package let files: [DamagedFile]
    /// The folder that they were moved to; `nil` if there were none.
    package let folder: String?

    /// The list of images to embed again; `nil` if nothing was damaged.
    package var list: String? { folder.map { $0 + "/images.csv" } }

    /// The number of images in the list.
    package var lostCount: Int { files.reduce(0) { $0 + $1.lostIDs.count } }

    /// The number of images to embed again whose ids cannot be read; `nil` if it is unknown.
    package var unknownCount: Int? {
        files.reduce(0) { sum, file in sum.flatMap { sum in file.unknownCount.map { sum + $0 } } }
    }

    /// Repairs a store.
    ///
    /// May be interrupted at any time and repeated. Until the next run is complete, the store counts as incomplete.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - files: Announces changes.
    /// - Returns: What was damaged.
    /// - Throws: `CLIPError` with code `notFound` if there is no store, `unreadable` if a file cannot be opened,
    ///   `storage` if a file cannot be written or a run is writing to the store.
    package static func run(path: String, files: StoreFiles = StoreFiles()) throws -> StoreRepair {
        let layout = StoreLayout(folder: path)
        try layout.requireStore()
        let lock = try StoreLock(folder: path)
        var damaged = try DamagedFile.all(store: path)
        guard !damaged.isEmpty else { return StoreRepair(files: [], folder: nil) }

        let aside = try DamagedFolder(layout, files: files.guarded(by: lock))
        let superseded = try damaged.filter { try layout.hasParts(of: $0) }.map(\.withoutLoss)
        for merger in superseded { try aside.move(merger.path) }
        if !superseded.isEmpty { damaged = try DamagedFile.all(store: path) }

        let repair = StoreRepair(files: superseded + damaged, folder: aside.path)
        try repair.writeList()
        if !damaged.contains(where: { $0.path == layout.failures }) {
            try FailuresFile.markIncomplete(layout, files: aside.files)
        }
        for file in damaged {
            let rest = try file.soundCount > 0 ? file.rest(files: aside.files) : nil
            try aside.move(file.path)
            try rest?.commitNew()
        }
        return repair
    }

    private func writeList() throws {
        guard let list else { return }
        let csv = try CSVFile(path: list, header: ["id", "file"])
        for file in files {
            for id in file.lostIDs { try csv.write([id, file.name]) }
        }
        try csv.close()
    }
}

extension StoreLayout {
    /// Whether an interrupted compaction left what a merger was made of, which counts again as soon as the merger is gone.
    fileprivate func hasParts(of merger: DamagedFile) throws -> Bool {
        guard let name = try PartName(merger.name, in: folder) else { return false }
        return try coveredParts().contains(where: name.covers)
    }
}

extension DamagedFile {
    /// The same file, all of whose rows are in other files.
    fileprivate var withoutLoss: DamagedFile {
        DamagedFile(path: path, reason: reason, soundCount: 0, lostIDs: [], unknownCount: 0)
    }

    /// The sound rows of a part, under a hidden name.
    fileprivate func rest(files: StoreFiles) throws -> ParquetFileWriter {
        let identity = try StoreIdentity(ParquetFileReader(path: path))
        let writer = try ParquetFileWriter(
            path: path,
            fields: identity.schema.fields,
            metadata: identity.provenance.metadata,
            files: files
        )
        _ = try SoundRows(path: path) { try writer.write(identity.schema.table($0)) }
        try writer.complete()
        return writer
    }
}
