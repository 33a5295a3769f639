#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes one file atomically: it is complete or absent.
///
/// Not safe for concurrent use. A writer that is released before ``close()`` leaves no file.
package final class OutputFile {
    private static let bufferSize = 1 << 16
    private static let failed = "an earlier write failed"

    private let file: PendingFile
    private var buffer = [UInt8]()
    /// Why nothing more can be written; `nil` at first.
    private var end: String?

    /// Creates a temporary file for a path.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package init(path: String) throws {
        file = try PendingFile(path: path)
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        file.discard()
    }

    /// Appends text.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func write(_ text: TextBuffer) throws {
        try text.withBytes { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Appends text.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Appends bytes.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try requireOpen()
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize { return try write(through: bytes) }
        buffer.append(contentsOf: bytes)
    }

    /// Completes the file under its temporary name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func complete() throws {
        try requireOpen()
        try flush()
        guard SystemError.retrying({ fsync(file.descriptor) }) == 0 else { throw failure(.last) }
        end = "it is already finished"
        file.complete()
    }

    /// Renames the completed file to its final name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commit() throws {
        if end == Self.failed { try requireOpen() }
        try file.commit()
    }

    /// Completes the file and renames it to its final name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func close() throws {
        try complete()
        try commit()
    }

    private func requireOpen() throws {
        guard let end else { return }
        throw CLIPError(.storage, "Cannot write \(file.path): \(end). Start a new file.")
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { try write(through: $0) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(through bytes: UnsafeRawBufferPointer) throws {
        do throws(SystemError) {
            try WholeWrite.all(bytes, to: file.descriptor)
        } catch {
            throw failure(error)
        }
    }

    /// Ends the file: an unknown part of the bytes may have been written, and to write them again would repeat it.
    private func failure(_ error: SystemError) -> CLIPError {
        end = Self.failed
        return CLIPError(.storage, "Cannot write \(file.path): \(error).")
    }
}
