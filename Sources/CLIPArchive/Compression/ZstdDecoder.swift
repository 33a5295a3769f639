internal import CLIPCore
internal import CZstd

/// Decompresses Zstandard, with windows of up to 128 MiB, zstd's own limit.
final class ZstdDecoder: StreamDecoder {
    private let stream: OpaquePointer

    init() {
        guard let stream = ZSTD_createDStream() else { preconditionFailure("libzstd cannot start: out of memory") }
        self.stream = stream
    }

    deinit {
        ZSTD_freeDStream(stream)
    }

    func decode(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws -> DecodingStep {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(result) == 0 else {
            guard ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge else {
                throw CLIPError.damaged("zstd")
            }
            throw CLIPError(
                .limitExceeded,
                "The zstd data needs more than 128 MiB to decompress. Compress it without --long."
            )
        }
        return DecodingStep(consumed: source.pos, produced: target.pos, isEnd: result == 0)
    }
}
