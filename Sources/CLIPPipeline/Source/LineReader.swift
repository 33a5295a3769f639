internal import CLIPCore

/// Reads a text file or stream line by line in bounded memory.
///
/// Lines end with LF or CR LF. A byte order mark at the start is skipped.
package final class LineReader {
    /// A line without its terminator.
    package struct Line {
        /// The line number, from 1.
        package let number: Int
        /// The line's bytes, which need not be UTF-8, or `nil` if there are more than ``maximumLineBytes``.
        package let bytes: [UInt8]?
    }

    /// No path, URI or record is this long; the "lines" of a binary file can be.
    package static let maximumLineBytes = 1 << 20
    private static let chunkBytes = 64 * 1024

    private let file: OpenFile
    private var lineNumber = 0
    private var buffer = [UInt8]()
    private var start = 0

    /// Opens a file or a stream.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    package init(_ path: String) throws {
        self.file = try OpenFile(bytesOfPath: Array(path.utf8), allowsStreams: true)
    }

    /// The next line, or `nil` after the last.
    ///
    /// Waiting for a stream does not block a thread, and ends if the task is cancelled.
    ///
    /// - Throws: `CLIPError` with code `unreadable`; `CancellationError`.
    package func next() async throws -> Line? {
        var isTooLong = false
        while true {
            if let newline = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = newline + 1 }
                return line(buffer[start..<newline], isTooLong: isTooLong)
            }
            if buffer.count - start > Self.maximumLineBytes {
                isTooLong = true
                start = buffer.count
            }
            guard try await fill() else {
                guard start < buffer.count || isTooLong else { return nil }
                defer { start = buffer.count }
                return line(buffer[start...], isTooLong: isTooLong)
            }
        }
    }

    /// Appends more bytes to the buffer; `false` at the end of the file.
    private func fill() async throws -> Bool {
        while !file.canReadNow() { try await Task.sleep(for: .milliseconds(10)) }
        buffer.removeSubrange(..<start)
        start = 0
        return try withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 16) { chunk in
            let count = try file.read(into: chunk)
            buffer += chunk[..<count]
            return count > 0
        }
    }

    private func line(_ bytes: ArraySlice<UInt8>, isTooLong: Bool) -> Line {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var text = lineNumber == 0 && bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes
        if text.last == UInt8(ascii: "\r") { text.removeLast() }
        lineNumber += 1
        return Line(number: lineNumber, bytes: isTooLong || text.count > Self.maximumLineBytes ? nil : Array(text))
    }
}
