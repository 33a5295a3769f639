#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is written aside and takes its name when it is complete, so that it is whole or absent.
///
/// The hidden file is this object's alone: its name is random, it is created anew and never through a link, and for as long
/// as it is open a lock on it says that somebody is writing it. Whoever drops one without ``commit(isDurable:)`` calls
/// ``discard()``. Not safe for use from several tasks at once.
package final class PendingFile {
    /// The name that the file takes.
    package let path: String
    /// Where it is written.
    package let temporaryPath: String
    /// The open file; -1 once it is closed.
    package private(set) var descriptor: Int32
    package let identity: FileIdentity

    /// What is replaced: where `path` leads, so that a link stays one.
    private let target: String

    /// Creates an empty file beside `path`.
    ///
    /// It gets the permissions of the file that it is to replace, and its owner where the system allows that.
    ///
    /// - Throws: ``CLIPError`` with code `storage` when nothing can be created there, or the path leads to a folder, or to a
    ///   device or a pipe, which a file must not take the place of.
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
            // Between creating and locking it, another run may take the file for one that was left behind.
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

    /// Closes the file, whose contents are complete: many may wait for their names, and few can be open at a time.
    package func complete() {
        guard descriptor >= 0 else { return }
        Self.close(descriptor)
        descriptor = -1
    }

    /// Another descriptor of the open file, to be closed by the caller.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func duplicate() throws -> Int32 {
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { throw CLIPError(.storage, "Cannot write \(path): \(SystemError.last).") }
        return duplicate
    }

    /// Gives the file its name; one that has it already is replaced.
    ///
    /// - Parameter isDurable: Whether the name is to survive a loss of power; contents must be synced before.
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commit(isDurable: Bool = true) throws {
        try requireOwnFile()
        guard rename(temporaryPath, target) == 0 else {
            throw CLIPError(.storage, "Cannot write \(path): \(SystemError.last).")
        }
        if isDurable { try Self.sync(folder: Self.folder(of: target)) }
    }

    /// Gives the file its name, durably, unless there is one of that name.
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

    /// Removes what was written aside, if it is still there.
    package func discard() {
        if FileIdentity(path: temporaryPath) == identity { unlink(temporaryPath) }
    }

    private func requireOwnFile() throws {
        guard FileIdentity(path: temporaryPath) == identity else {
            throw CLIPError(
                .storage,
                "Cannot write \(path): another program removed or replaced \(temporaryPath), where it was written."
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
            throw CLIPError(.storage, "Cannot write \(path): it is a device or a pipe. Name an ordinary file.")
        }
        return PathKind.resolved(path) ?? path
    }
}
