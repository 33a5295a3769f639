internal import CLIPCore
internal import CZlib

/// Decompresses gzip and deflate.
final class InflateDecoder: StreamDecoder {
    enum Format: String {
        case gzip
        /// Deflate without a header, as in zip archives.
        case deflate
    }

    // zlib requires that the struct stays where it is.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let format: Format

    init(_ format: Format) {
        self.format = format
        stream.initialize(to: z_stream())
        let windowBits = format == .gzip ? 16 + MAX_WBITS : -MAX_WBITS
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start: \(status)")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws -> DecodingStep {
        // zlib declares the input without const.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self)
        )
        stream.pointee.avail_in = UInt32(clamping: input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_out = UInt32(clamping: output.count)
        let (given, room) = (stream.pointee.avail_in, stream.pointee.avail_out)
        let status = inflate(stream, Z_NO_FLUSH)
        guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else { throw CLIPError.damaged(format.rawValue) }
        return DecodingStep(
            consumed: Int(given - stream.pointee.avail_in),
            produced: Int(room - stream.pointee.avail_out),
            isEnd: status == Z_STREAM_END
        )
    }
}
