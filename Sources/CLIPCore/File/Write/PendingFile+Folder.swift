#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension PendingFile {
    /// The folder that a path is in.
    package static func folder(of path: String) -> String {
        let prefix = parts(of: path).prefix
        return prefix.isEmpty ? "." : String(prefix)
    }

    /// A path as its folder with a slash at the end, or nothing, and the name.
    package static func parts(of path: String) -> (prefix: Substring, name: Substring) {
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
        return (path[..<end], path[end...])
    }

    /// Makes changes of the names in a folder durable, where the file system can.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func sync(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // A folder that may be written and not read cannot be synced.
            if errno == EACCES { return }
            throw CLIPError(.storage, "Cannot sync the folder \(folder): \(SystemError.last).")
        }
        defer { close(descriptor) }
        try requireSynced(folder: folder, fsync(descriptor))
    }

    /// Throws when the sync of a folder failed, unless the file system has none for folders.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func requireSynced(folder: String, _ status: Int32) throws {
        let error = SystemError.last
        guard status != 0, ![EINVAL, ENOTSUP].contains(error.number) else { return }
        throw CLIPError(.storage, "Cannot sync the folder \(folder): \(error).")
    }

    /// Makes sure that files can be created in a folder, or that the folder can be created.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func requireWritable(folder: String) throws {
        var place = folder
        while true {
            while place.hasSuffix("/"), place != "/" { place.removeLast() }
            var status = stat()
            if stat(place, &status) == 0 {
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                if isFolder, access(place, W_OK | X_OK) == 0 { return }
                let reason = isFolder ? "\(SystemError.last)" : place == folder ? "it is a file" : "\(place) is a file"
                throw CLIPError(.storage, "Cannot write to the folder \(folder): \(reason).")
            }
            let error = SystemError.last
            guard error.isNotFound, place != ".", place != "/" else {
                throw CLIPError(.storage, "Cannot write to the folder \(folder): \(error).")
            }
            place = Self.folder(of: place)
        }
    }
}
