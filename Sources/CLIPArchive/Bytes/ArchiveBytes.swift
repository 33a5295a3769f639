internal import CLIPCore

/// The bytes of an archive, read by offset.
///
/// Reading blocks.
protocol ArchiveBytes: AnyObject {
    /// The path or URI, for messages.
    var name: String { get }
    /// The number of bytes; `nil` if only reading all of them tells.
    var knownByteCount: Int? { get }

    /// Fills `buffer` from an offset.
    ///
    /// - Returns: The number of bytes, fewer than the size of `buffer` only at the end.
    /// - Throws: `CLIPError` with code `unreadable`, or with what makes the bytes unusable from there on.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int

    /// Checks that the archive is still what was opened.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    func requireUnchanged() throws
}

extension ArchiveBytes {
    /// Reads a number of bytes, fewer at the end.
    ///
    /// Memory grows with the bytes that exist, because a damaged archive may claim any number.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        let step = 1 << 20
        var bytes = [UInt8]()
        while bytes.count < count {
            let wanted = min(step, count - bytes.count)
            let piece = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
                filled = try read(at: offset + bytes.count, into: UnsafeMutableRawBufferPointer(buffer))
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
            if piece.count < wanted { break }
        }
        return bytes
    }
}

extension OpenFile: ArchiveBytes {
    var knownByteCount: Int? { byteCount }
}
