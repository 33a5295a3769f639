#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is open for reading; it closes when the last reference is released.
package final class OpenFile: Sendable {
    /// The path, for error messages.
    package let name: String
    /// The number of bytes when the file was opened; 0 for streams.
    package let byteCount: Int
    /// The file's version when it was opened.
    package let version: FileVersion
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The path, which need not be valid UTF-8.
    ///   - allowsStreams: Whether a FIFO or a device may be opened too; opening a FIFO waits for a writer. Otherwise it
    ///     throws immediately.
    ///   - requiresOwn: Whether the file must belong to this user, be writable by nobody else and not be a link.
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable`.
    package init(bytesOfPath path: [UInt8], allowsStreams: Bool = false, requiresOwn: Bool = false) throws {
        let name = PathText.shortened(path)
        let flags = O_RDONLY | O_CLOEXEC | (allowsStreams ? 0 : O_NONBLOCK) | (requiresOwn ? O_NOFOLLOW : 0)
        var file = PathText.withCString(path) { path in SystemError.retrying { open(path, flags) } }
        let reason = SystemError.last
        // A socket cannot be opened by a name, nor another user's pipe.
        if file < 0, allowsStreams, path.elementsEqual("/dev/stdin".utf8) { file = Self.copy(ofStream: STDIN_FILENO) }
        guard file >= 0 else {
            throw CLIPError(reason.isNotFound ? .notFound : .unreadable, "Cannot open \(name): \(reason).")
        }
        do {
            let status = try Self.status(of: file, name: name)
            try Self.requireReadable(status, name: name, allowsStreams: allowsStreams)
            guard !requiresOwn || Ownership.isOwn(status) else {
                throw CLIPError(.unreadable, "Cannot use \(name): another user owns it or may write it.")
            }
            self.byteCount = Int(status.st_size)
            self.version = FileVersion(status)
        } catch {
            close(file)
            throw error
        }
        self.name = name
        self.descriptor = file
    }

    deinit {
        close(descriptor)
    }

    /// A copy of a stream's descriptor, or -1; a copy for a regular file would go on where another reader stopped.
    private static func copy(ofStream descriptor: Int32) -> Int32 {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return -1 }
        return fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    }

    private static func status(of file: Int32, name: String) throws -> stat {
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw CLIPError(.unreadable, "Cannot read \(name): \(SystemError.last).")
        }
        return status
    }

    private static func requireReadable(_ status: stat, name: String, allowsStreams: Bool) throws {
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || allowsStreams && kind != S_IFDIR else {
            let what = kind == S_IFDIR ? "a folder" : "not a regular file"
            throw CLIPError(.unreadable, "Cannot read \(name): it is \(what).")
        }
    }

    /// Checks that the file did not change while it was being read.
    ///
    /// - Throws: ``CLIPError`` with code `unreadable` if the file was written after it was opened.
    package func requireUnchanged() throws {
        guard try FileVersion(Self.status(of: descriptor, name: name)) != version else { return }
        throw CLIPError(.unreadable, "\(name) changed while it was being read. Try again once it is complete.")
    }

    /// Whether a read returns immediately; reading an empty stream that still has writers blocks.
    package func canReadNow() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    /// Reads the next bytes into the start of `buffer`.
    ///
    /// - Returns: The number of bytes, 0 at the end of the file.
    /// - Throws: ``CLIPError`` with code `unreadable`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try count { file in
            #if canImport(Glibc)
            Glibc.read(file, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
            Musl.read(file, buffer.baseAddress, buffer.count)
            #elseif canImport(Darwin)
            Darwin.read(file, buffer.baseAddress, buffer.count)
            #endif
        }
    }

    /// Fills `buffer` from an offset in the file.
    ///
    /// Safe to call from several tasks at once.
    ///
    /// - Returns: The number of bytes; less than the size of `buffer` at the end of the file.
    /// - Throws: ``CLIPError`` with code `unreadable`.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = try count { pread($0, rest.baseAddress, rest.count, off_t(offset + filled)) }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }

    /// The result of a system call, retried when a signal interrupts it.
    private func count(_ call: (Int32) -> Int) throws -> Int {
        let count = SystemError.retrying { call(descriptor) }
        guard count >= 0 else { throw CLIPError(.unreadable, "Cannot read \(name): \(SystemError.last).") }
        return count
    }
}
