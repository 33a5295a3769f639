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
    private let file: PendingFile
    private let stream: UnsafeMutablePointer<FILE>
    private var isOpen = true

    /// Creates a temporary file for a path.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package init(path: String) throws {
        file = try PendingFile(path: path)
        do {
            stream = try file.stream()
        } catch {
            file.discard()
            throw error
        }
    }

    deinit {
        if isOpen { fclose(stream) }
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
        guard fwrite(bytes.baseAddress, 1, bytes.count, stream) == bytes.count else { throw failure() }
    }

    /// Completes the file under its temporary name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func complete() throws {
        try requireOpen()
        guard fflush(stream) == 0, fsync(fileno(stream)) == 0 else { throw failure() }
        isOpen = false
        guard fclose(stream) == 0 else { throw failure() }
        file.complete()
    }

    /// Renames the completed file to its final name.
    ///
    /// - Throws: ``CLIPError`` with code `storage`.
    package func commit() throws {
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
        guard !isOpen else { return }
        throw CLIPError(.storage, "Cannot write \(file.path): it is already finished. Start a new file.")
    }

    private func failure() -> CLIPError {
        CLIPError(.storage, "Cannot write \(file.path): \(SystemError.last).")
    }
}

extension PendingFile {
    /// The open file as a stream, which the caller must close.
    fileprivate func stream() throws -> UnsafeMutablePointer<FILE> {
        let duplicate = try duplicate()
        guard let stream = fdopen(duplicate, "w") else {
            let error = SystemError.last
            close(duplicate)
            throw CLIPError(.storage, "Cannot write \(path): \(error).")
        }
        return stream
    }
}
