internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The files of a store's folder.
struct StoreLayout {
    private static let failuresName = "rejects.parquet"

    let folder: String

    var failures: String { "\(folder)/\(Self.failuresName)" }

    /// Whether a file of this name belongs to the store.
    static func isOwn(_ fileName: String) -> Bool {
        fileName == failuresName || PartName.isLike(fileName)
    }

    /// Whether the folder holds files of a store.
    ///
    /// - Throws: `CLIPError` with code `storage` when the folder cannot be read.
    func holdsStore() throws -> Bool {
        try names().contains(where: Self.isOwn)
    }

    func path(_ part: PartName) -> String { "\(folder)/\(part.fileName)" }

    /// The parts to read, in the order they were written; none when the folder does not exist.
    ///
    /// - Throws: `CLIPError` with code `storage` when the folder cannot be read, `corruptData` when a file is named
    ///   like a part in a way that no store does.
    func parts() throws -> [PartName] {
        let all = try allParts()
        return all.filter { part in !all.contains { $0.covers(part) } }
    }

    /// The parts that a merger of several has replaced.
    ///
    /// - Throws: `CLIPError` with code `storage` when the folder cannot be read, `corruptData` when a file is named
    ///   like a part in a way that no store does.
    func coveredParts() throws -> [PartName] {
        let all = try allParts()
        return all.filter { part in all.contains { $0.covers(part) } }
    }

    /// Reads a part.
    ///
    /// - Throws: What `body` throws; `CLIPError` with code `corruptData`, which says what to do, when the part is damaged.
    func reading<Result>(_ part: PartName, _ body: (ParquetFileReader) throws -> Result) throws -> Result {
        do {
            return try body(ParquetFileReader(path: path(part)))
        } catch let error as CLIPError where error.code == .corruptData {
            throw error.advising(StorePart.damageAdvice)
        }
    }

    /// Creates the folder, and those above it, durably.
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

    /// Removes what an interrupted run left unfinished, and parts that a merger has replaced.
    ///
    /// Only a run that holds the lock may do so.
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
