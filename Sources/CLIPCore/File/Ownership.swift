#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether only this user can change a file or folder.
package enum Ownership {
    /// Whether a folder exists that only this user can write; a link to one must belong to this user too.
    package static func isOwn(folder: String) -> Bool {
        var (link, status) = (stat(), stat())
        return lstat(folder, &link) == 0 && link.st_uid == geteuid() && stat(folder, &status) == 0
            && status.st_mode & S_IFMT == S_IFDIR && isOwn(status)
    }

    /// Whether nothing exists at a path, or a regular file of this user that may be replaced.
    package static func mayReplace(file path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return SystemError.last.isNotFound }
        return status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid()
    }

    static func isOwn(_ status: stat) -> Bool {
        status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }
}
