#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Owner, group and permissions of a file, to be applied to the file that replaces it.
struct FileAttributes {
    private let mode: mode_t
    private let owner: uid_t
    private let group: gid_t

    /// Reads the attributes of a file; `nil` if it does not exist.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        mode = status.st_mode & 0o777
        (owner, group) = (status.st_uid, status.st_gid)
    }

    /// Applies owner and group, as far as this user may, and then the permissions to an open file.
    func apply(to file: Int32) {
        let keepsGroup = fchown(file, owner, group) == 0 || fchown(file, uid_t.max, group) == 0
        // A different group must not inherit the old group's permissions.
        _ = fchmod(file, keepsGroup ? mode : mode & ~0o070 | (mode & 0o007) << 3 & mode)
    }
}
