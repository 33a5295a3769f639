#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Locks on open files (`flock`), which the system releases when the last descriptor is closed.
package enum FileLock {
    /// Opens an existing file to lock it, for writing if allowed because some servers require that for a lock.
    ///
    /// - Returns: A descriptor, or -1 with the reason in `errno`. Links are not followed.
    package static func descriptor(at path: String) -> Int32 {
        let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file = SystemError.retrying { open(path, O_RDWR | flags) }
        return file < 0 && errno == EACCES ? SystemError.retrying { open(path, O_RDONLY | flags) } : file
    }

    /// Locks an open file, which need not be open for writing.
    ///
    /// - Returns: Whether the lock was free.
    static func take(_ file: Int32) -> Bool {
        status(file) == 0
    }

    /// Tries to lock an open file and returns whether someone else holds the lock; always false on file systems without
    /// locks.
    static func isOthers(_ file: Int32) -> Bool {
        status(file) != 0 && errno == EWOULDBLOCK
    }

    private static func status(_ file: Int32) -> Int32 {
        SystemError.retrying { flock(file, LOCK_EX | LOCK_NB) }
    }
}
