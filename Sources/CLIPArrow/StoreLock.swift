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
final class StoreLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Takes the lock of a store's folder.
    ///
    /// - Throws: ``CLIPError`` with code `storage` when another run has it, or the folder cannot be written.
    init(folder: String) throws {
        path = "\(folder)/.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw CLIPError(.storage, "Cannot write to the folder \(folder): \(SystemError.last).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CLIPError(.storage, "Another run is writing to \(folder). Wait for it, or choose another folder.")
        }
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}
