internal import CLIPCore
internal import CLZMA

/// Decompresses xz.
final class XZDecoder: StreamDecoder {
    /// Enough for `xz -9`, which needs 65 MiB.
    private static let maximumMemoryBytes: UInt64 = 256 << 20

    private var stream = lzma_stream()

    init() {
        let status = lzma_stream_decoder(&stream, Self.maximumMemoryBytes, 0)
        precondition(status == LZMA_OK, "liblzma cannot start: \(status.rawValue)")
    }

    deinit {
        lzma_end(&stream)
    }

    func decode(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws -> DecodingStep {
        stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = input.count
        stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = output.count
        let status = lzma_code(&stream, LZMA_RUN)
        switch status {
        case LZMA_OK, LZMA_STREAM_END, LZMA_BUF_ERROR: break
        case LZMA_MEMLIMIT_ERROR:
            throw CLIPError(
                .limitExceeded,
                "The xz data needs more than \(Self.maximumMemoryBytes >> 20) MiB to decompress. Compress it with xz -9."
            )
        default: throw CLIPError.damaged("xz")
        }
        return DecodingStep(
            consumed: input.count - stream.avail_in,
            produced: output.count - stream.avail_out,
            isEnd: status == LZMA_STREAM_END
        )
    }
}
