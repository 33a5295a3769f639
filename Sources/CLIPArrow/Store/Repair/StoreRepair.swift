internal import CLIPCore
internal import CLIPEvaluation

/// Keeps what is sound of a store with damaged files.
///
/// Damaged files are moved into the store's folder `damaged/N`, and never removed. What is sound of a damaged part takes its
/// place at once, so that the store has these rows at every moment. The ids of all other images are listed in
/// `damaged/N/images.csv`: the next run embeds them.
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
    ///   - written: What to write for a field of the list.
    /// - Returns: What was damaged.
    /// - Throws: `CLIPError` with code `notFound` if there is no store, `unreadable` if the system cannot read a
    ///   file, which is no damage and may pass (nothing is moved then), `storage` if a file cannot be written or a run is writing to the store.
    package static func run(
        path: String,
        files: StoreFiles = StoreFiles(),
        written: @escaping (String) -> String = { $0 }
    ) throws -> StoreRepair {
        let layout = StoreLayout(folder: path)
        try layout.requireStore()
        let lock = try StoreLock(folder: path)
        return try lock.explainingConflicts { try repair(layout, files.guarded(by: lock), written) }
    }

    private static func repair(
        _ layout: StoreLayout,
        _ files: StoreFiles,
        _ written: @escaping (String) -> String
    ) throws -> StoreRepair {
        try layout.requireNoAdoption()
        let damaged = try DamagedFile.all(store: layout.folder)
        guard !damaged.isEmpty else { return StoreRepair(files: [], folder: nil) }
        let remainders = try damaged.map { try PartRemainder($0, layout, files: files) }
        let aside = try DamagedFolder(layout, files: files)
        let repair = StoreRepair(files: remainders.map(\.file), folder: aside.path)
        try repair.writeList(written)
        if !damaged.contains(where: { $0.path == layout.failures }) {
            try FailuresFile.markIncomplete(layout, files: files)
        }
        for remainder in remainders { try remainder.replaceFile(keepingItIn: aside) }
        return repair
    }

    private func writeList(_ written: @escaping (String) -> String) throws {
        guard let list else { return }
        let csv = try CSVFile(path: list, header: ["id", "file"], written: written)
        for file in files {
            for id in file.lostIDs { try csv.write([id, file.name]) }
        }
        try csv.close()
    }
}
