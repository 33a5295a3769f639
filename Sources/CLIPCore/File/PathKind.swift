#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The kind of file at a path.
package enum PathKind: Sendable {
    case folder
    case file

    /// Determines the kind of file at a path.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`.
    package init(_ path: String) throws {
        self = try Self.mode(path) == S_IFDIR ? .folder : .file
    }

    /// Whether a path leads to a FIFO, a terminal or another device, which can be read only once.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`.
    package static func isStream(_ path: String) throws -> Bool {
        let mode = try mode(path)
        return mode != S_IFREG && mode != S_IFDIR
    }

    /// The path with links resolved; `nil` if nothing exists there.
    package static func resolved(_ path: String) -> String? {
        guard let place = realpath(path, nil) else { return nil }
        defer { free(place) }
        return String(cString: place)
    }

    private static func mode(_ path: String) throws -> mode_t {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = SystemError.last
            throw CLIPError(reason.isNotFound ? .notFound : .unreadable, "Cannot read \(path): \(reason).")
        }
        return status.st_mode & S_IFMT
    }
}
