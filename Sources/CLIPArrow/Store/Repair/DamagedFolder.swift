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
        let parent = "\(layout.folder)/damaged"
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

    /// Moves a file of the store here, durably.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func move(_ file: String) throws {
        let target = "\(path)/\(PendingFile.parts(of: file).name)"
        try files.willMake(.rename, file)
        guard rename(file, target) == 0 else {
            throw CLIPError(.storage, "Cannot move \(file) to \(target): \(SystemError.last).")
        }
        try PendingFile.sync(folder: path)
        try PendingFile.sync(folder: store)
    }
}
