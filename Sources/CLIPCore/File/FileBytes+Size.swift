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

    /// The first `count` bytes of a file, or all if there are fewer.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`, also for a FIFO or a device.
    package static func head(of path: String, count: Int) throws -> [UInt8] {
        let file = try OpenFile(bytesOfPath: Array(path.utf8), allowsStreams: false)
        var head = [UInt8](repeating: 0, count: count)
        var filled = 0
        try head.withUnsafeMutableBytes { buffer in
            while filled < count {
                let length = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                guard length > 0 else { return }
                filled += length
            }
        }
        return Array(head[..<filled])
    }
}
