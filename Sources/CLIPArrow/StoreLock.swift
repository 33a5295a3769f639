internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Keeps a second run out of a store for as long as it lives.
///
/// The system gives the lock back when the process ends, however it ends.
package final class StoreLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Takes the lock of a store's folder.
    ///
    /// - Throws: `CLIPError` with code `storage` when another run has it, or the folder cannot be written.
    init(folder: String) throws {
        let path = "\(folder)/.lock"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                throw CLIPError(.storage, "Cannot write to the folder \(folder): \(SystemError.last).")
            }
            do {
                try Self.lock(folder: folder) { flock(descriptor, LOCK_EX | LOCK_NB) }
            } catch {
                close(descriptor)
                throw error
            }
            // The run that had the lock removes the file when it ends: this one may be of no name by now.
            if Self.isSameFile(descriptor, path) {
                self.path = path
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    /// Calls `flock` until no signal interrupts it.
    ///
    /// - Throws: `CLIPError` with code `storage`, which says whether another run has the lock or the system gives none.
    package static func lock(folder: String, _ flock: () -> Int32) throws {
        while flock() != 0 {
            let error = SystemError.last
            switch error.number {
            case EINTR: continue
            case EWOULDBLOCK:
                throw CLIPError(.storage, "Another run is writing to \(folder). Wait for it, or choose another folder.")
            default:
                throw CLIPError(.storage, "Cannot lock the folder \(folder): \(error).")
            }
        }
    }

    private static func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
            && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}
