internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What tells that a file is still the one that was looked at, without reading it.
///
/// The time of modification can be set, and is when files are copied or unpacked; the time of the last change of status cannot.
package struct FileState: Sendable, Hashable {
    /// Seconds and nanoseconds since 1970.
    package struct Time: Sendable, Hashable, Comparable {
        package let seconds: Int
        let nanoseconds: Int

        package init(seconds: Int, nanoseconds: Int) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        init(_ time: timespec) {
            self.init(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
        }

        package static func < (first: Time, second: Time) -> Bool {
            (first.seconds, first.nanoseconds) < (second.seconds, second.nanoseconds)
        }

        /// The time by the clock of this machine.
        package static var now: Time {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Time(time)
        }
    }

    private let device: UInt64
    private let inode: UInt64
    /// Size of the file.
    let byteCount: Int
    /// When its contents were last written, or when that is said to have been.
    let modified: Time
    private let changed: Time

    /// Looks at the file that a path leads to; `nil` where there is none.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        byteCount = Int(status.st_size)
        #if canImport(Darwin)
        (modified, changed) = (Time(status.st_mtimespec), Time(status.st_ctimespec))
        #else
        (modified, changed) = (Time(status.st_mtim), Time(status.st_ctim))
        #endif
    }

    /// Whether a write after `time` would show: file systems give the same time to all that happens within up to 2 seconds.
    package func isSettled(at time: Time) -> Bool {
        [modified, changed].allSatisfy { $0.seconds < time.seconds - Self.coarsestClock }
    }

    private static let coarsestClock = 2

    /// The state as text, for a digest.
    var text: String {
        let times = [modified, changed].map { "\($0.seconds).\($0.nanoseconds)" }
        return "\(device) \(inode) \(byteCount) \(times.joined(separator: " "))"
    }
}
