#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension PendingFile {
    /// The folder that contains a path.
    package static func folder(of path: String) -> String {
        let prefix = parts(of: path).prefix
        return prefix.isEmpty ? "." : String(prefix)
    }

    /// Splits a path into its folder, with a trailing slash unless empty, and its name.
    package static func parts(of path: String) -> (prefix: Substring, name: Substring) {
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
        return (path[..<end], path[end...])
    }

    /// Makes renames in a folder durable, if the file system supports that.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func sync(folder: String) throws {
        let descriptor = SystemError.retrying { open(folder, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            // A folder that is writable but not readable cannot be synced.
            if errno == EACCES { return }
            throw CLIPError(.storage, "Cannot sync the folder \(folder): \(SystemError.last).")
        }
        defer { close(descriptor) }
        try requireSynced(folder: folder, SystemError.retrying { fsync(descriptor) })
    }

    /// Throws if syncing a folder failed, unless the file system does not support it.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package static func requireSynced(folder: String, _ status: Int32) throws {
        let error = SystemError.last
        guard status != 0, ![EINVAL, ENOTSUP].contains(error.number) else { return }
        throw CLIPError(.storage, "Cannot sync the folder \(folder): \(error).")
    }

    /// Checks that files can be created in a folder, or that the folder can be created.
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
