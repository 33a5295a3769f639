internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Detects changes to a file without reading it.
///
/// Programs can set the modification time, for example when they copy or unpack files, but not the time of the last
/// status change.
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

        /// The current time by this machine's clock.
        package static var now: Time {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Time(time)
        }
    }

    private let device: UInt64
    private let inode: UInt64
    /// The size of the file in bytes.
    let byteCount: Int
    /// The modification time, which programs can set.
    let modified: Time
    private let changed: Time

    /// The state of the file at a path; `nil` if it does not exist.
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

    /// Whether a write after `time` would change the state: timestamps of some file systems have a resolution of 2
    /// seconds.
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
