internal import CBZip2
internal import CLIPCore

/// Decompresses bzip2.
final class BZip2Decoder: StreamDecoder {
    // libbz2 requires that the struct stays where it is.
    private let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)

    init() {
        stream.initialize(to: bz_stream())
        let status = BZ2_bzDecompressInit(stream, 0, 0)
        precondition(status == BZ_OK, "libbz2 cannot start: \(status)")
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws -> DecodingStep {
        // libbz2 declares the input without const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        stream.pointee.avail_in = UInt32(clamping: input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(clamping: output.count)
        let (given, room) = (stream.pointee.avail_in, stream.pointee.avail_out)
        let status = BZ2_bzDecompress(stream)
        guard status == BZ_OK || status == BZ_STREAM_END else { throw CLIPError.damaged("bzip2") }
        return DecodingStep(
            consumed: Int(given - stream.pointee.avail_in),
            produced: Int(room - stream.pointee.avail_out),
            isEnd: status == BZ_STREAM_END
        )
    }
}
