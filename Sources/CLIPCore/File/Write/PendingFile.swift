#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is written under a temporary name and renamed when it is complete, so that it is complete or absent.
///
/// Only this object uses the temporary file: its name is random, it is newly created and never opened through a link,
/// and a lock marks it as in use while it is open. If you do not call ``commit(isDurable:)``, call ``discard()``. Not
/// safe for concurrent use.
package final class PendingFile {
    /// The final path.
    package let path: String
    /// The temporary path.
    package let temporaryPath: String
    /// The open file; -1 after it is closed.
    package private(set) var descriptor: Int32
    package let identity: FileIdentity

    /// The file to replace: the target of `path` if it is a link, so that the link is kept.
    private let target: String

    /// Creates an empty temporary file next to `path`.
    ///
    /// It gets the permissions of the file that it will replace, and its owner if the system allows that.
    ///
    /// - Throws: ``CLIPError`` with code `storage` if no file can be created there, or the path leads to a folder, a
    ///   device or a pipe, which must not be replaced.
    package init(path: String) throws {
        self.path = path
        target = try Self.target(of: path)
        let attributes = FileAttributes(target)
        while true {
            let hidden = Self.temporaryPath(for: target)
            let file = open(
                hidden,
                O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                attributes == nil ? 0o666 : 0o600
            )
            guard file >= 0 else {
                let error = SystemError.last
                if [EEXIST, EINTR].contains(error.number) { continue }
                throw CLIPError(.storage, "Cannot write \(path): \(error).")
            }
            // Before the lock is taken, another run may mistake the new file for a leftover.
            guard !FileLock.isOthers(file), let identity = FileIdentity(descriptor: file),
                FileIdentity(path: hidden) == identity
            else {
                Self.close(file)
                continue
            }
            attributes?.apply(to: file)
            temporaryPath = hidden
            descriptor = file
            self.identity = identity
            return
        }
    }

    deinit {
        complete()
    }

    /// Closes the completed file: many files may wait to be renamed, but only a few can be open at once.
    package func complete() {
        guard descriptor >= 0 else { return }
        Self.close(descriptor)
        descriptor = -1
    }

    /// Renames the file to its final name, replacing any existing file.
    ///
    /// - Parameter isDurable: Whether the new name must survive a power failure. The contents must be synced before.
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commit(isDurable: Bool = true) throws {
        try requireOwnFile()
        guard rename(temporaryPath, target) == 0 else {
            throw CLIPError(.storage, "Cannot write \(path): \(SystemError.last).")
        }
        if isDurable { try Self.sync(folder: Self.folder(of: target)) }
    }

    /// Renames the file durably to its final name, unless that name exists.
    ///
    /// - Returns: Whether the name was free.
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commitIfAbsent() throws -> Bool {
        try requireOwnFile()
        do throws(SystemError) {
            try ExclusiveRename.rename(temporaryPath, to: target, identity: identity)
        } catch {
            if error.number == EEXIST { return false }
            throw CLIPError(.storage, "Cannot write \(path): \(error).")
        }
        try Self.sync(folder: Self.folder(of: target))
        return true
    }

    /// Removes the temporary file, if it still exists.
    package func discard() {
        if FileIdentity(path: temporaryPath) == identity { unlink(temporaryPath) }
    }

    private func requireOwnFile() throws {
        guard FileIdentity(path: temporaryPath) == identity else {
            throw CLIPError(
                .storage,
                "Cannot write \(path): another program removed or replaced its temporary file \(temporaryPath)."
            )
        }
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #elseif canImport(Darwin)
        _ = Darwin.close(descriptor)
        #endif
    }

    private static func target(of path: String) throws -> String {
        guard let kind = try? PathKind(path) else { return path }
        guard kind == .file else { throw CLIPError(.storage, "Cannot write \(path): it is a folder. Name a file.") }
        guard try !PathKind.isStream(path) else {
            throw CLIPError(.storage, "Cannot write \(path): it is a device or a pipe. Name a regular file.")
        }
        return PathKind.resolved(path) ?? path
    }
}
