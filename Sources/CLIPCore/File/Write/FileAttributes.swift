#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Who may do what with a file: what a file that takes its place gets too.
struct FileAttributes {
    private let mode: mode_t
    private let owner: uid_t
    private let group: gid_t

    /// Looks at a file; `nil` where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        mode = status.st_mode & 0o777
        (owner, group) = (status.st_uid, status.st_gid)
    }

    /// Gives an open file the owner and group as far as the system lets this user, and then the permissions.
    func apply(to file: Int32) {
        let keepsGroup = fchown(file, owner, group) == 0 || fchown(file, uid_t.max, group) == 0
        // Another group must not get the rights that were that group's.
        _ = fchmod(file, keepsGroup ? mode : mode & ~0o070 | (mode & 0o007) << 3 & mode)
    }
}
