#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Size and modification time of a file, for detecting changes.
package struct FileVersion: Sendable, Hashable {
    /// A version that never equals the version of an embedded image, so that the image is read again.
    package static let unknown = "unknown"

    private let byteCount: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// Creates a version from a file's status.
    init(_ status: stat) {
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        byteCount = Int(status.st_size)
        seconds = Int(time.tv_sec)
        nanoseconds = Int(time.tv_nsec)
    }

    /// The stored form, for example `48213@1700000000.5`.
    package var text: String {
        Self.text(byteCount: byteCount, seconds: seconds, nanoseconds: nanoseconds)
    }

    /// The version of the file at a path.
    ///
    /// Returns ``unknown`` if the file is missing or inaccessible; reading the image then fails with the reason.
    package static func read(bytesOfPath path: [UInt8]) -> String {
        var status = stat()
        guard PathText.withCString(path, { stat($0, &status) }) == 0 else { return unknown }
        return FileVersion(status).text
    }

    /// The version of a file with a given size and modification time.
    package static func text(byteCount: Int, seconds: Int, nanoseconds: Int) -> String {
        "\(byteCount)@\(seconds).\(nanoseconds)"
    }
}
