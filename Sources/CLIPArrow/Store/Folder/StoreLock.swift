internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Locks a store against other runs for the lifetime of this object.
///
/// The system releases the lock when the process ends, however it ends. Some network file systems do not show the lock
/// to other computers; there, the contents of the lock file reveal that another run has taken over.
package final class StoreLock: Sendable {
    static let fileName = ".lock"

    private let folder: String
    private let path: String
    private let descriptor: Int32
    private let owner: LockOwner

    /// Acquires the lock of a store's folder.
    ///
    /// - Throws: `CLIPError` with code `storage` if another run holds it, or the folder cannot be written.
    package init(folder: String) throws {
        let path = "\(folder)/\(Self.fileName)"
        let owner = LockOwner.new()
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
            if file >= 0 {
                // The next run may have seen the file between its creation and its locking.
                guard try Self.takesLock(of: file, path: path, folder: folder) else { continue }
                do {
                    try owner.write(to: file, path: path)
                } catch {
                    unlink(path)
                    close(file)
                    throw error
                }
                self.folder = folder
                self.path = path
                self.descriptor = file
                self.owner = owner
                return
            }
            switch errno {
            case EEXIST: try Self.removeAbandoned(path, folder: folder)
            case EINTR: continue
            default: throw CLIPError(.storage, "Cannot write to the folder \(folder): \(SystemError.last).")
            }
        }
    }

    /// Checks that no other run has taken over, which is possible from a computer that does not see the lock.
    ///
    /// - Throws: `CLIPError` with code `conflict`.
    func requireHeld() throws {
        guard try LockOwner(path: path) != owner else { return }
        let sign = try LockOwner(path: path).map { "\($0.process ?? "another program") has taken it over" }
        throw StoreFiles.conflict(folder: folder, sign ?? "its file \(Self.fileName) no longer exists")
    }

    /// Changes the store, and blames a failure on another run if one has taken over.
    ///
    /// That run removes the unfinished files of this one.
    ///
    /// - Throws: `CLIPError` with code `conflict`; what `body` throws.
    func explainingConflicts<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            do {
                try requireHeld()
            } catch let conflict as CLIPError where conflict.code == .conflict {
                throw CLIPError(.conflict, conflict.message, cause: error)
            } catch {
                // The first failure tells more.
            }
            throw error
        }
    }

    /// Calls `flock`, and repeats the call if a signal interrupts it.
    ///
    /// - Throws: `CLIPError` with code `storage`, which says whether another run holds the lock or the system cannot
    ///   lock.
    package static func lock(folder: String, owner: String = "", _ flock: () -> Int32) throws {
        while flock() != 0 {
            let error = SystemError.last
            switch error.number {
            case EINTR: continue
            case EWOULDBLOCK:
                throw CLIPError(
                    .storage,
                    "Another run is writing to \(folder)\(owner). Wait for it, end it, or choose another folder. If its "
                        + "computer no longer runs and a file server keeps its lock, remove \(folder)/\(fileName)."
                )
            case ENOLCK, ENOSYS, EOPNOTSUPP:
                throw CLIPError(
                    .storage,
                    "Cannot lock the folder \(folder): \(error). A store is written where files can be locked: choose a "
                        + "folder on another file system, such as a local disk, and copy the store when the run has ended."
                )
            default:
                throw CLIPError(.storage, "Cannot lock the folder \(folder): \(error).")
            }
        }
    }

    /// Whether the file was locked and still has its name; otherwise closes it.
    private static func takesLock(of file: Int32, path: String, folder: String) throws -> Bool {
        do {
            let owner = (try? LockOwner(path: path))?.process.map { ": \($0)" } ?? ""
            try lock(folder: folder, owner: owner) { flock(file, LOCK_EX | LOCK_NB) }
        } catch {
            close(file)
            throw error
        }
        if let identity = FileIdentity(descriptor: file), FileIdentity(path: path) == identity { return true }
        close(file)
        return false
    }

    /// Removes the lock file of a killed run, whichever user started it.
    private static func removeAbandoned(_ path: String, folder: String) throws {
        let file = FileLock.descriptor(at: path)
        guard file >= 0 else {
            let error = SystemError.last
            if error.isNotFound { return }
            let reason = error.number == ELOOP ? "it is a link" : "\(error)"
            throw CLIPError(
                .storage,
                "Cannot lock the folder \(folder) with \(path): \(reason). Remove that file if no run is writing there."
            )
        }
        guard try takesLock(of: file, path: path, folder: folder) else { return }
        defer { close(file) }
        guard unlink(path) == 0 || SystemError.last.isNotFound else {
            throw CLIPError(
                .storage,
                "Cannot remove \(path), left by another user's run: \(SystemError.last). Remove that file."
            )
        }
    }

    deinit {
        if let named = try? LockOwner(path: path), named == owner { unlink(path) }
        close(descriptor)
    }
}

extension StoreFiles {
    /// Returns the same object with a check before each rename that the lock is still held.
    func guarded(by lock: StoreLock) -> StoreFiles {
        StoreFiles { [willMake] change, path in
            try willMake(change, path)
            if change == .rename || change == .remove { try lock.requireHeld() }
        }
    }
}
