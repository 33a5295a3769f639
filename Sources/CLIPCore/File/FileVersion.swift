#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What tells that a file was changed: its size and the time of its last modification.
package struct FileVersion: Sendable, Hashable {
    /// A version that no stored image has: an image of this version is read.
    package static let unknown = "unknown"

    private let byteCount: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// Takes the version of a file from what the system says about it.
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

    /// The version as it is stored, for example `48213@1700000000.5`.
    package var text: String {
        Self.text(byteCount: byteCount, seconds: seconds, nanoseconds: nanoseconds)
    }

    /// The version of the file at a path.
    ///
    /// Where there is none, or it cannot be looked at, it is ``unknown``: the image fails with the reason.
    package static func read(bytesOfPath path: [UInt8]) -> String {
        var status = stat()
        guard PathText.withCString(path, { stat($0, &status) }) == 0 else { return unknown }
        return FileVersion(status).text
    }

    /// The version of a file with this size and time.
    package static func text(byteCount: Int, seconds: Int, nanoseconds: Int) -> String {
        "\(byteCount)@\(seconds).\(nanoseconds)"
    }
}
