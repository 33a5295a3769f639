internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Creates cache folders and limits their size.
package enum CacheFolder {
    /// Creates a folder with access for this user only, and its parent folders.
    ///
    /// Errors are ignored here: writing a file reveals whether the folder exists and belongs to this user.
    package static func create(_ path: String) {
        guard mkdir(path, 0o700) != 0, errno == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
            slash > path.startIndex
        else { return }
        create(String(path[..<slash]))
        mkdir(path, 0o700)
    }

    /// Removes temporary files of killed processes, and the files that were written longest ago until the rest take at
    /// most `maximumBytes`.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - suffix: The suffix of the files to consider.
    ///   - kept: A path that is not removed.
    ///   - maximumBytes: The maximum total size of the files.
    static func trim(_ folder: String, suffix: String, keeping kept: String, maximumBytes: Int) {
        let names = ((try? FolderNames.list(Array(folder.utf8))) ?? []).map { String(decoding: $0, as: UTF8.self) }
        PendingFile.removeLeftovers(in: folder, names: names) { $0.hasSuffix(suffix) }
        let files = names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.compactMap { name in
            let path = "\(folder)/\(name)"
            return FileState(path: path).map { (path, state: $0) }
        }
        var total = files.reduce(0) { $0 + $1.state.byteCount }
        for (path, state) in files.sorted(by: { $0.state.modified < $1.state.modified }) {
            guard total > maximumBytes else { return }
            guard path != kept else { continue }
            unlink(path)
            total -= state.byteCount
        }
    }
}
