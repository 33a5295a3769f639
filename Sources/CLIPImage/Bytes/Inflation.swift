internal import CZlib

/// Decompression of zlib data, up to a limit.
enum Inflation {
    enum Outcome {
        /// The data; only its beginning if the input ends early.
        case data([UInt8])
        case isDamaged
        case exceedsLimit
    }

    /// Decompresses zlib data, which takes no more memory than the limit.
    static func inflate(_ input: ArraySlice<UInt8>, limit: Int) -> Outcome {
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return .isDamaged }
        defer { inflateEnd(&stream) }
        var output = [UInt8]()
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        return input.withUnsafeBufferPointer { input in
            // zlib's field is not const, but it only reads.
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(clamping: input.count)
            while true {
                let room = min(piece.count, limit - output.count)
                guard room > 0 else { return stream.avail_in > 0 ? .exceedsLimit : .data(output) }
                let status = piece.withUnsafeMutableBufferPointer { piece in
                    stream.next_out = piece.baseAddress
                    stream.avail_out = UInt32(room)
                    return CZlib.inflate(&stream, Z_NO_FLUSH)
                }
                output += piece.prefix(room - Int(stream.avail_out))
                switch status {
                case Z_OK where stream.avail_in > 0 || stream.avail_out == 0: continue
                case Z_OK, Z_STREAM_END, Z_BUF_ERROR: return .data(output)
                default: return .isDamaged
                }
            }
        }
    }

    /// Determines the length of zlib data after decompression.
    ///
    /// - Parameters:
    ///   - input: The data, divided anywhere.
    ///   - pieceBytes: The maximum size of a piece, into which longer elements of the input are divided.
    ///   - limit: The maximum length.
    /// - Returns: The length; `nil` if the data is damaged, does not end, is longer than the limit, or if its end does
    ///   not follow the last byte within the same piece.
    static func length(of input: some Sequence<ArraySlice<UInt8>>, pieceBytes: Int, limit: Int) -> Int? {
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var scratch = [UInt8](repeating: 0, count: 16 << 10)
        for element in input {
            var rest = element
            while !rest.isEmpty {
                let before = stream.total_out
                let status = rest.prefix(pieceBytes).withUnsafeBufferPointer { piece in
                    stream.next_in = UnsafeMutablePointer(mutating: piece.baseAddress)
                    stream.avail_in = UInt32(piece.count)
                    return discard(&stream, &scratch, limit: limit)
                }
                guard stream.total_out <= limit else { return nil }
                if status == Z_STREAM_END { return stream.total_out > before ? Int(stream.total_out) : nil }
                guard status == Z_OK || status == Z_BUF_ERROR else { return nil }
                rest = rest.dropFirst(pieceBytes)
            }
        }
        return nil
    }

    /// Decompresses the stream's input without keeping the output, until there is more than the limit.
    private static func discard(_ stream: inout z_stream, _ scratch: inout [UInt8], limit: Int) -> Int32 {
        scratch.withUnsafeMutableBufferPointer { scratch in
            while true {
                stream.next_out = scratch.baseAddress
                stream.avail_out = UInt32(scratch.count)
                let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                if status != Z_OK || stream.avail_out > 0 || stream.total_out > limit { return status }
            }
        }
    }

    /// The CRC-32 of bytes.
    static func checksum(_ data: ArraySlice<UInt8>) -> UInt32 {
        data.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
