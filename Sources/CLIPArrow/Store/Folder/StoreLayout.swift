internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The files in a store's folder.
struct StoreLayout {
    private static let failuresName = "rejects.parquet"
    private static let stagingName = "_staging"

    let folder: String

    var failures: String { "\(folder)/\(Self.failuresName)" }

    /// The folder of files that tasks of a cluster wrote and that wait to be adopted.
    var staging: String { "\(folder)/\(Self.stagingName)" }

    /// The folder of damaged files that repairs have moved out of the way.
    var damaged: String { "\(folder)/damaged" }

    var wasRepaired: Bool { (try? PathKind(damaged)) == .folder }

    /// The list of staged files that count; it exists until they are adopted.
    var manifest: String { "\(staging)/manifest.json" }

    /// Whether files of a cluster's tasks wait to be adopted, or their adoption was interrupted.
    var isBeingAdopted: Bool { (try? PathKind(manifest)) != nil }

    /// Throws if files of a cluster's tasks wait to be adopted, since their names must stay free.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func requireNoAdoption() throws {
        guard isBeingAdopted else { return }
        throw CLIPError(
            .storage,
            "The adoption of \(staging) is not complete. Run 'clip-cli store adopt' first, or remove \(manifest) if its "
                + "files are not wanted."
        )
    }

    /// Whether a file with this name belongs to the store.
    static func isOwn(_ fileName: String) -> Bool {
        fileName == failuresName || PartName.isLike(fileName)
    }

    /// Whether the folder contains files of a store.
    ///
    /// - Throws: `CLIPError` with code `storage` if the folder cannot be read.
    func holdsStore() throws -> Bool {
        try names().contains(where: Self.isOwn)
    }

    /// Throws if the folder contains no files of a store.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `corruptData` if other programs wrote its files, or `storage` if the
    ///   folder cannot be read.
    func requireStore() throws {
        guard try holdsStore() else {
            throw CLIPError(.notFound, "There is no store at \(folder): pass the folder that 'embed' wrote.")
        }
        try requireOwnFiles()
        guard try allParts().isEmpty, (try? PathKind(failures)) == nil else { return }
        if let error = try misnamedPart("There is no store at \(folder)") { throw error }
    }

    /// Throws if the files that are named like a store's are Parquet files of other programs.
    ///
    /// A file that cannot be opened may be the store's, and be damaged.
    ///
    /// - Throws: `CLIPError` with code `corruptData` that names such a file; `storage` if the folder cannot be read.
    func requireOwnFiles() throws {
        let paths = try allParts().map(path) + [failures].filter { (try? PathKind($0)) != nil }
        for path in paths {
            guard let file = try? ParquetFileReader(path: path), !Provenance.isRecorded(in: file) else { return }
        }
        if let path = paths.first { throw notOwn(path) }
    }

    /// The error about a file that has a name of a store's files, and that another program wrote.
    func notOwn(_ path: String) -> CLIPError {
        CLIPError(
            .corruptData,
            "\(path) is named like a file of a store, but this library did not write it. Choose another folder, or move "
                + "that file out of this one."
        )
    }

    /// The error about a folder whose files are named nearly like parts, as other programs name them; `nil` if none are.
    ///
    /// - Throws: `CLIPError` with code `storage` if the folder cannot be read.
    func misnamedPart(_ problem: String) throws -> CLIPError? {
        try names().filter(PartName.isLike).min().map { name in
            CLIPError(
                .notFound,
                "\(problem): \(name) is not the name of a part, so it is not read. Parts are called part-00000.parquet and "
                    + "so on; if another program renamed them, rename them back."
            )
        }
    }

    func path(_ part: PartName) -> String { "\(folder)/\(part.fileName)" }

    /// The parts to read, in the order they were written; empty if the folder does not exist.
    ///
    /// - Throws: `CLIPError` with code `storage` if the folder cannot be read, `corruptData` if a file's name resembles
    ///   a part's but is not valid.
    func parts() throws -> [PartName] {
        let all = try allParts()
        return all.filter { part in !all.contains { $0.covers(part) } }
    }

    /// The parts that a merger has replaced.
    ///
    /// - Throws: `CLIPError` with code `storage` if the folder cannot be read, `corruptData` if a file's name resembles
    ///   a part's but is not valid.
    func coveredParts() throws -> [PartName] {
        let all = try allParts()
        return all.filter { part in all.contains { $0.covers(part) } }
    }

    /// Reads a part.
    ///
    /// - Throws: What `body` throws; if the part is damaged, `CLIPError` with code `corruptData` and advice.
    func reading<Result>(_ part: PartName, _ body: (ParquetFileReader) throws -> Result) throws -> Result {
        try StorePart.advisingRepair { try body(ParquetFileReader(path: path(part))) }
    }

    /// Creates the folder and its parents durably.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func create() throws {
        for end in folder.indices where folder[end] == "/" && end > folder.startIndex {
            try create(String(folder[..<end]))
        }
        try create(folder)
        guard case .folder = try PathKind(folder) else {
            throw CLIPError(.storage, "Cannot write to the folder \(folder): it is a file.")
        }
    }

    /// Removes unfinished files of an interrupted run, and parts that a merger has replaced.
    ///
    /// Only a run that holds the lock may call this.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func removeLeftovers(_ files: StoreFiles) throws {
        PendingFile.removeLeftovers(in: folder, names: try names()) { Self.isOwn(String($0)) }
        for part in try coveredParts() {
            try files.remove(path(part), in: folder)
        }
    }

    private func create(_ path: String) throws {
        if mkdir(path, 0o777) == 0 {
            try PendingFile.sync(folder: PendingFile.folder(of: path))
        } else if errno != EEXIST, path == folder {
            throw CLIPError(.storage, "Cannot create the folder \(folder): \(SystemError.last).")
        }
    }

    private func allParts() throws -> [PartName] {
        try names().compactMap { try PartName($0, in: folder) }.sorted()
    }

    private func names() throws -> [String] {
        do throws(SystemError) {
            return try FolderNames.list(Array(folder.utf8)).map { PathText.text($0[...]) }
        } catch {
            if error.isNotFound { return [] }
            throw CLIPError(.storage, "Cannot read the folder \(folder): \(error).")
        }
    }
}
