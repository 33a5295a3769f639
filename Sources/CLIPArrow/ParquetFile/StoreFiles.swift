internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The file changes of a store, each announced before it happens.
package struct StoreFiles: Sendable {
    /// A change to a file.
    package enum Change: Sendable, Hashable {
        /// A file is created under a hidden name.
        case create
        /// Rows are written to a file.
        case write
        /// A file is closed and synced.
        case sync
        /// A file is durably renamed to its name.
        case rename
        /// A file is removed.
        case remove
        /// A hidden file that will not be used is removed.
        case discard
    }

    /// Called with a change and the path of its file; if it throws, the change does not happen.
    package let willMake: @Sendable (Change, _ path: String) throws -> Void

    /// Creates an announcer that calls a function.
    package init(willMake: @escaping @Sendable (Change, _ path: String) throws -> Void = { _, _ in }) {
        self.willMake = willMake
    }

    /// Removes a file durably.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func remove(_ path: String, in folder: String) throws {
        try willMake(.remove, path)
        guard unlink(path) == 0 || SystemError.last.isNotFound else {
            throw CLIPError(.storage, "Cannot remove \(path): \(SystemError.last).")
        }
        try PendingFile.sync(folder: folder)
    }

    /// The error of a run that detects another run writing to its store despite the lock.
    static func conflict(folder: String, _ sign: String) -> CLIPError {
        CLIPError(
            .conflict,
            "Another run is writing to \(folder) despite this run's lock: \(sign). This "
                + "run has stopped storing. Let only one run write to a store; the next run removes duplicate rows."
        )
    }
}
