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

    /// The error of a run that another one writes beside, unseen by the lock, and how it noticed.
    static func conflict(folder: String, _ sign: String) -> CLIPError {
        CLIPError(
            .conflict,
            "Another run writes to \(folder) at the same time, and the lock of this one does not keep it out: \(sign). This "
                + "run stores nothing more. Let one run at a time write to a store; the next one removes what is there twice."
        )
    }
}
