#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Locks on open files (`flock`), which the system gives back when the last descriptor is closed.
package enum FileLock {
    /// Opens a file that is there, to take its lock: for writing where that is allowed, as some servers give no lock otherwise.
    ///
    /// - Returns: A descriptor, or -1 with the reason in `errno`; a link is not followed.
    package static func descriptor(at path: String) -> Int32 {
        let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file = open(path, O_RDWR | flags)
        return file < 0 && errno == EACCES ? open(path, O_RDONLY | flags) : file
    }

    /// Takes the lock of an open file, which need not be open for writing.
    ///
    /// - Returns: Whether it was free.
    static func take(_ file: Int32) -> Bool {
        status(file) == 0
    }

    /// Tries to take the lock of an open file, and tells whether somebody else has it; where the file system has no locks,
    /// nobody does.
    static func isOthers(_ file: Int32) -> Bool {
        status(file) != 0 && errno == EWOULDBLOCK
    }

    private static func status(_ file: Int32) -> Int32 {
        while true {
            let status = flock(file, LOCK_EX | LOCK_NB)
            if status == 0 || errno != EINTR { return status }
        }
    }
}
