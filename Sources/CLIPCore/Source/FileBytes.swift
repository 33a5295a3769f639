#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads whole files.
package enum FileBytes {
    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - path: The path; bytes that are not UTF-8 are given by ``read(bytesOfPath:maximumBytes:)``.
    ///   - maximumBytes: A larger file is refused before it is read.
    ///   - allowsStreams: Whether a FIFO or a device may be read too, to its end. Otherwise it is refused at once.
    /// - Returns: The whole file.
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`.
    package static func read(
        _ path: String,
        maximumBytes: Int = .max,
        allowsStreams: Bool = false
    ) throws -> [UInt8] {
        try read(bytesOfPath: Array(path.utf8), maximumBytes: maximumBytes, allowsStreams: allowsStreams)
    }

    /// The bytes of a file whose path need not be UTF-8.
    package static func read(
        bytesOfPath path: [UInt8],
        maximumBytes: Int = .max,
        allowsStreams: Bool = false
    ) throws -> [UInt8] {
        var bytes = [UInt8]()
        try forEachChunk(bytesOfPath: path, maximumBytes: maximumBytes, allowsStreams: allowsStreams) { chunk, size in
            if bytes.isEmpty { bytes.reserveCapacity(size) }
            bytes += chunk
        }
        return bytes
    }

    /// Calls `body` with the bytes of a file, piece by piece, and with the size of the whole as far as it is known.
    ///
    /// - Throws: What ``read(bytesOfPath:maximumBytes:)`` throws; what `body` throws.
    package static func forEachChunk(
        bytesOfPath path: [UInt8],
        maximumBytes: Int = .max,
        allowsStreams: Bool = false,
        _ body: (_ chunk: UnsafeRawBufferPointer, _ size: Int) throws -> Void
    ) throws {
        let name = PathText.text(path[...])
        let file = PathText.withCString(path) { open($0, O_RDONLY | O_CLOEXEC | (allowsStreams ? 0 : O_NONBLOCK)) }
        guard file >= 0 else {
            let reason = SystemError.last
            throw CLIPError(reason.isNotFound ? .notFound : .unreadable, "Cannot open \(name): \(reason).")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw CLIPError(.unreadable, "Cannot read \(name): \(SystemError.last).")
        }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || allowsStreams && kind != S_IFDIR else {
            let what = kind == S_IFDIR ? "a folder" : "not a regular file"
            throw CLIPError(.unreadable, "Cannot read \(name): it is \(what).")
        }
        let size = Int(status.st_size)
        func requireAllowed(_ size: Int) throws {
            guard size <= maximumBytes else {
                throw CLIPError(.limitExceeded, "\(name) has \(size) bytes or more; the limit is \(maximumBytes).")
            }
        }
        try requireAllowed(size)
        // Read up to the end, which need not be where the size said: files in /proc report 0.
        try withUnsafeTemporaryAllocation(byteCount: chunkBytes, alignment: 16) { buffer in
            var total = 0
            while true {
                let count = read(file, buffer)
                guard count >= 0 else {
                    throw CLIPError(.unreadable, "Cannot read \(name): \(SystemError.last).")
                }
                guard count > 0 else { return }
                total += count
                try requireAllowed(total)
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]), size)
            }
        }
    }

    private static let chunkBytes = 256 * 1024

    /// `read(2)`, repeated when a signal interrupts it.
    private static func read(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            let count = Musl.read(file, buffer.baseAddress, buffer.count)
            #elseif canImport(Darwin)
            let count = Darwin.read(file, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }
}
