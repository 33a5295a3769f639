#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension FileBytes {
    /// The size of a file.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`.
    package static func size(_ path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = SystemError.last
            throw CLIPError(reason.isNotFound ? .notFound : .unreadable, "Cannot read \(path): \(reason).")
        }
        return Int(status.st_size)
    }
}
