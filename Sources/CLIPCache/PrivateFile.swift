internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Replaces files that only the user may read: text vectors and file paths are private.
enum PrivateFile {
    /// Replaces a file as a whole.
    ///
    /// Nothing is synced: a file that is damaged by a power failure counts as absent.
    ///
    /// - Throws: `CLIPError` with code `storage`; what `write` throws.
    static func replace(_ path: String, _ write: (inout ChunkWriter) throws -> Void) throws {
        let file = try PendingFile(path: path)
        do {
            fchmod(file.descriptor, 0o600)
            var writer = ChunkWriter(file)
            try write(&writer)
            try writer.flush()
            file.complete()
            try file.commit(isDurable: false)
        } catch {
            file.discard()
            throw error
        }
    }
}

/// Writes to a file in large chunks.
struct ChunkWriter {
    private static let chunkBytes = 1 << 20

    private let file: PendingFile
    private var pending = [UInt8]()

    fileprivate init(_ file: PendingFile) {
        self.file = file
    }

    mutating func append(_ bytes: [UInt8]) throws {
        pending += bytes
        if pending.count >= Self.chunkBytes { try flush() }
    }

    fileprivate mutating func flush() throws {
        try pending.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(file.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw CLIPError(.storage, "Cannot write \(file.path): \(SystemError.last).") }
                rest = rest.dropFirst(count)
            }
        }
        pending.removeAll(keepingCapacity: true)
    }
}
