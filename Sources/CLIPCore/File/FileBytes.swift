/// Reads whole files.
package enum FileBytes {
    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - path: The path. For paths that are not valid UTF-8, use ``read(bytesOfPath:maximumBytes:)``.
    ///   - maximumBytes: The size limit; a larger file is not read.
    ///   - allowsStreams: Whether a FIFO or a device may be read too, to its end. Otherwise it throws immediately.
    /// - Returns: The whole file.
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`.
    package static func read(
        _ path: String,
        maximumBytes: Int = .max,
        allowsStreams: Bool = false
    ) throws -> [UInt8] {
        try read(bytesOfPath: Array(path.utf8), maximumBytes: maximumBytes, allowsStreams: allowsStreams)
    }

    /// Reads a file whose path need not be valid UTF-8.
    package static func read(
        bytesOfPath path: [UInt8],
        maximumBytes: Int = .max,
        allowsStreams: Bool = false
    ) throws -> [UInt8] {
        var bytes = [UInt8]()
        try read(bytesOfPath: path, maximumBytes: maximumBytes, allowsStreams: allowsStreams, into: &bytes)
        return bytes
    }

    /// Replaces the contents of `buffer` with the bytes of a file, keeping its capacity.
    package static func read(
        bytesOfPath path: [UInt8],
        maximumBytes: Int = .max,
        allowsStreams: Bool = false,
        into buffer: inout [UInt8]
    ) throws {
        try read(OpenFile(bytesOfPath: path, allowsStreams: allowsStreams), maximumBytes: maximumBytes, into: &buffer)
    }

    /// Replaces the contents of `buffer` with the rest of an open file, keeping its capacity.
    static func read(_ file: OpenFile, maximumBytes: Int, into buffer: inout [UInt8]) throws {
        buffer.removeAll(keepingCapacity: true)
        try forEachChunk(of: file, maximumBytes: maximumBytes) { chunk, size in
            if buffer.isEmpty { buffer.reserveCapacity(size) }
            buffer += chunk
        }
    }

    /// Calls `body` with each chunk of a file and with the file's total size, if known.
    ///
    /// - Throws: What ``read(bytesOfPath:maximumBytes:)`` throws; what `body` throws.
    package static func forEachChunk(
        bytesOfPath path: [UInt8],
        maximumBytes: Int = .max,
        allowsStreams: Bool = false,
        _ body: (_ chunk: UnsafeRawBufferPointer, _ size: Int) throws -> Void
    ) throws {
        let file = try OpenFile(bytesOfPath: path, allowsStreams: allowsStreams)
        try forEachChunk(of: file, maximumBytes: maximumBytes, body)
    }

    private static func forEachChunk(
        of file: OpenFile,
        maximumBytes: Int,
        _ body: (_ chunk: UnsafeRawBufferPointer, _ size: Int) throws -> Void
    ) throws {
        func requireAllowed(_ size: Int) throws {
            guard size <= maximumBytes else {
                throw CLIPError.tooLarge(file.name, byteCount: size, limit: maximumBytes)
            }
        }
        try requireAllowed(file.byteCount)
        // Read to the end: the reported size may be wrong, for example 0 for files in /proc.
        try withUnsafeTemporaryAllocation(byteCount: chunkBytes, alignment: 16) { buffer in
            var total = 0
            while true {
                let count = try file.read(into: buffer)
                guard count > 0 else { return }
                total += count
                try requireAllowed(total)
                try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]), file.byteCount)
            }
        }
    }

    private static let chunkBytes = 256 * 1024
}
