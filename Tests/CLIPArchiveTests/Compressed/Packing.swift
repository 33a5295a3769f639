import CBZip2
import CLZMA
import CZlib
import CZstd

/// Compresses what tests read.
enum Packing: String, CaseIterable, Sendable {
    case gzip, bzip2, xz, zstd

    func pack(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .gzip: Self.deflate(bytes, windowBits: 16 + MAX_WBITS)
        case .bzip2:
            Self.buffer(bytes) { input, inputCount, output, room in
                var count = UInt32(room)
                let status = output.withMemoryRebound(to: CChar.self, capacity: room) { output in
                    input.withMemoryRebound(to: CChar.self, capacity: inputCount) { input in
                        BZ2_bzBuffToBuffCompress(output, &count, input, UInt32(inputCount), 1, 0, 0)
                    }
                }
                return status == BZ_OK ? Int(count) : nil
            }
        case .xz:
            Self.buffer(bytes) { input, inputCount, output, room in
                var count = 0
                let status = lzma_easy_buffer_encode(
                    0,
                    LZMA_CHECK_CRC32,
                    nil,
                    input,
                    inputCount,
                    output,
                    &count,
                    room
                )
                return status == LZMA_OK ? count : nil
            }
        case .zstd:
            Self.buffer(bytes) { input, inputCount, output, room in
                let count = ZSTD_compress(output, room, input, inputCount, 1)
                return ZSTD_isError(count) == 0 ? count : nil
            }
        }
    }

    /// Deflate without a header.
    static func deflate(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, windowBits: -MAX_WBITS) }

    private static func deflate(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        buffer(bytes) { input, inputCount, output, room in
            var stream = z_stream()
            guard
                deflateInit2_(
                    &stream,
                    1,
                    Z_DEFLATED,
                    windowBits,
                    8,
                    Z_DEFAULT_STRATEGY,
                    ZLIB_VERSION,
                    Int32(MemoryLayout<z_stream>.size)
                ) == Z_OK
            else { return nil }
            defer { deflateEnd(&stream) }
            stream.next_in = input
            stream.avail_in = UInt32(inputCount)
            stream.next_out = output
            stream.avail_out = UInt32(room)
            guard CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
            return room - Int(stream.avail_out)
        }
    }

    private static func buffer(
        _ bytes: [UInt8],
        _ compress: (UnsafeMutablePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, Int) -> Int?
    ) -> [UInt8] {
        var input = bytes + [0]
        return [UInt8](unsafeUninitializedCapacity: bytes.count * 2 + 1024) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                guard let inputStart = input.baseAddress, let outputStart = output.baseAddress,
                    let written = compress(inputStart, bytes.count, outputStart, output.count)
                else { fatalError("cannot compress") }
                count = written
            }
        }
    }
}
