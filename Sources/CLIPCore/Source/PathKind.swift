#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What a path leads to.
package enum PathKind: Sendable {
    case folder
    case file

    /// Looks at a path.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`.
    package init(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = SystemError.last
            throw CLIPError(reason.isNotFound ? .notFound : .unreadable, "Cannot read \(path): \(reason).")
        }
        self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }
}
