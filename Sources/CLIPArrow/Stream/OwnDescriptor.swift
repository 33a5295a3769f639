internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A copy of a caller's file descriptor, which stays open until the last use of it has ended.
final class OwnDescriptor: Sendable {
    let number: Int32

    /// Copies a descriptor.
    ///
    /// - Throws: `CLIPError` with code `code` that names the stream.
    init(copying descriptor: Int32, name: String, code: CLIPError.Code) throws {
        number = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard number >= 0 else { throw CLIPError(code, "\(name): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(number)
    }
}
