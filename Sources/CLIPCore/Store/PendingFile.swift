#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is written aside and takes its name when it is complete, so that it is whole or absent.
package struct PendingFile: Sendable {
    /// The name that the file takes.
    package let path: String
    /// Where it is written.
    package let temporaryPath: String

    /// The folder that it is in.
    package let folder: String

    /// Chooses a name beside `path`; nothing is created.
    package init(path: String) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
        let prefix = slash.map { path[...$0] } ?? ""
        self.path = path
        self.temporaryPath = "\(prefix).\(name).\(getpid()).tmp"
        self.folder = prefix.isEmpty ? "." : String(prefix)
    }

    /// Gives the file its name, durably.
    ///
    /// Its contents must be synced already.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commit() throws {
        guard rename(temporaryPath, path) == 0 else {
            throw CLIPError(.storage, "Cannot write \(path): \(SystemError.last).")
        }
        try Self.sync(folder: folder)
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

    /// Removes what was written aside, if it is still there.
    package func discard() {
        unlink(temporaryPath)
    }
}
