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

    /// What is replaced: where `path` leads, so that a link stays one.
    private let target: String

    /// Chooses a name beside `path`; nothing is created.
    ///
    /// - Throws: ``CLIPError`` with code `storage` when the path leads to a folder, or to a device or a pipe, which a file must
    ///   not take the place of.
    package init(path: String) throws {
        self.path = path
        target = try Self.target(of: path)
        let (prefix, name) = Self.parts(of: target)
        temporaryPath = "\(prefix).\(name).\(getpid()).tmp"
    }

    /// Gives the file its name, durably.
    ///
    /// Its contents must be synced already.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commit() throws {
        guard rename(temporaryPath, target) == 0 else {
            throw CLIPError(.storage, "Cannot write \(path): \(SystemError.last).")
        }
        try Self.sync(folder: Self.folder(of: target))
    }

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

    private static func target(of path: String) throws -> String {
        guard let kind = try? PathKind(path) else { return path }
        guard kind == .file else { throw CLIPError(.storage, "Cannot write \(path): it is a folder. Name a file.") }
        guard try !PathKind.isStream(path) else {
            throw CLIPError(.storage, "Cannot write \(path): it is a device or a pipe. Name an ordinary file.")
        }
        return PathKind.resolved(path) ?? path
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
