internal import CLIPCore

/// The decompressed bytes of a compressed file, which are read in order: offsets must not decrease.
final class DecompressedBytes: ArchiveBytes {
    private static let inputBytes = 64 * 1024
    private static let outputBytes = 256 * 1024

    let knownByteCount: Int? = nil
    private let source: any ArchiveBytes
    private var decoder: any StreamDecoder
    /// Whether a stream has ended.
    private var isBetweenStreams = false
    private let format: Compression
    /// Compressed bytes, of which those before `inputStart` are used up, and the offset of what follows them.
    private var input = [UInt8]()
    private var inputStart = 0
    private var sourceOffset = 0
    /// Decompressed bytes, and the offset of the first.
    private var output = [UInt8](repeating: 0, count: outputBytes)
    private var outputCount = 0
    private var outputOffset = 0

    init(_ source: any ArchiveBytes, format: Compression) {
        self.source = source
        self.format = format
        decoder = format.decoder()
    }

    var name: String { source.name }

    func requireUnchanged() throws { try source.requireUnchanged() }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        precondition(offset >= outputOffset, "decompressed bytes are read in order")
        var filled = 0
        while filled < buffer.count {
            let start = offset + filled - outputOffset
            if start < outputCount {
                let count = min(outputCount - start, buffer.count - filled)
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                rest.copyBytes(from: output[start..<start + count])
                filled += count
            } else if try !decompress() {
                break
            }
        }
        return filled
    }

    /// Replaces the decompressed bytes with the next ones; `false` at the end.
    private func decompress() throws -> Bool {
        outputOffset += outputCount
        outputCount = 0
        while true {
            try Task.checkCancellation()
            // Only once what came before has been given out.
            if isBetweenStreams {
                guard try hasFurtherStream() else { return false }
                (decoder, isBetweenStreams) = (format.decoder(), false)
            }
            guard try fillInput() else {
                throw CLIPError(.corruptData, "The \(format.rawValue) data is truncated.")
            }
            let step = try input.withUnsafeBytes { input in
                try output.withUnsafeMutableBytes { output in
                    try decoder.decode(UnsafeRawBufferPointer(rebasing: input[inputStart...]), into: output)
                }
            }
            inputStart += step.consumed
            outputCount = step.produced
            isBetweenStreams = step.isEnd
            if !step.isEnd, step.consumed == 0, step.produced == 0 {
                throw CLIPError.damaged(format.rawValue)
            }
            if outputCount > 0 { return true }
        }
    }

    /// Skips zeros behind a stream and tells whether another one follows.
    ///
    /// - Throws: `CLIPError` with code `corruptData` if something else follows: it may be a stream with a damaged head.
    private func hasFurtherStream() throws -> Bool {
        while try fillInput() {
            guard let next = input[inputStart...].firstIndex(where: { $0 != 0 }) else {
                inputStart = input.count
                continue
            }
            inputStart = next
            let start = try source.read(
                at: sourceOffset - (input.count - next),
                count: Compression.signatureBytes
            )
            guard Compression(start) == format else {
                throw CLIPError(
                    .corruptData,
                    "The \(format.rawValue) data is followed by other data, or the rest of it is damaged."
                )
            }
            return true
        }
        return false
    }

    /// Reads more compressed bytes if all are used up; `false` at the end.
    private func fillInput() throws -> Bool {
        guard inputStart == input.count else { return true }
        input = try source.read(at: sourceOffset, count: Self.inputBytes)
        sourceOffset += input.count
        inputStart = 0
        return !input.isEmpty
    }
}
