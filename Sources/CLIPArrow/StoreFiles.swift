internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The changes that a store makes to files, each announced before it happens.
package struct StoreFiles: Sendable {
    /// A change to a file.
    package enum Change: Sendable, Hashable {
        /// A file is created under a hidden name.
        case create
        /// Rows are written to it.
        case write
        /// It is completed and synced.
        case sync
        /// It takes its name, durably.
        case rename
        /// A file is removed.
        case remove
        /// A hidden file that will not be completed is removed.
        case discard
    }

    /// Called with a change and the path of the file it is for; when it throws, the change does not happen.
    package let willMake: @Sendable (Change, _ path: String) throws -> Void

    /// Announces changes to a function.
    package init(willMake: @escaping @Sendable (Change, _ path: String) throws -> Void = { _, _ in }) {
        self.willMake = willMake
    }

    /// The same, which makes sure before each change of a name that a lock is still held.
    func guarded(by lock: StoreLock) -> StoreFiles {
        StoreFiles { [willMake] change, path in
            try willMake(change, path)
            if change == .rename || change == .remove { try lock.requireHeld() }
        }
    }

    /// Removes a file, durably.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func remove(_ path: String, in folder: String) throws {
        try willMake(.remove, path)
        guard unlink(path) == 0 || SystemError.last.isNotFound else {
            throw CLIPError(.storage, "Cannot remove \(path): \(SystemError.last).")
        }
        try PendingFile.sync(folder: folder)
    }
}
