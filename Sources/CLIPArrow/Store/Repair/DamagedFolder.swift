internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A new folder in a store for the damaged files of one repair: `damaged/1`, or the next free number.
struct DamagedFolder {
    let path: String
    let files: StoreFiles
    private let store: String

    /// Creates the folder durably.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    init(_ layout: StoreLayout, files: StoreFiles) throws {
        let parent = layout.damaged
        try StoreLayout(folder: parent).create()
        var number = 1
        while mkdir("\(parent)/\(number)", 0o777) != 0 {
            let error = SystemError.last
            guard error.number == EEXIST else {
                throw CLIPError(.storage, "Cannot create the folder \(parent)/\(number): \(error).")
            }
            number += 1
        }
        try PendingFile.sync(folder: parent)
        path = "\(parent)/\(number)"
        store = layout.folder
        self.files = files
    }

    /// Gives a file of the store a second name here, durably; copies it where a file cannot have two names.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `unreadable` if it cannot be copied.
    func keep(_ file: String) throws {
        let target = target(of: file)
        try files.willMake(.create, target)
        // Of a link, the file counts: that is what a new file replaces.
        if linkat(AT_FDCWD, file, AT_FDCWD, target, AT_SYMLINK_FOLLOW) != 0 { try copy(file, to: target) }
        try PendingFile.sync(folder: path)
    }

    /// Moves a file of the store here, durably.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func move(_ file: String) throws {
        let target = target(of: file)
        try files.willMake(.rename, file)
        guard rename(file, target) == 0 else {
            throw CLIPError(.storage, "Cannot move \(file) to \(target): \(SystemError.last).")
        }
        try PendingFile.sync(folder: path)
        try PendingFile.sync(folder: store)
    }

    private func target(of file: String) -> String { "\(path)/\(PendingFile.parts(of: file).name)" }

    private func copy(_ file: String, to target: String) throws {
        let copy = try OutputFile(path: target)
        try FileBytes.forEachChunk(bytesOfPath: Array(file.utf8)) { chunk, _ in try copy.write(chunk) }
        try copy.close()
    }
}
