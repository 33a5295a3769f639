internal import CLIPCore
internal import CLIPFileKinds

/// Decompresses a stream, piece by piece.
protocol StreamDecoder: AnyObject {
    /// Decompresses as much as fits.
    ///
    /// - Parameters:
    ///   - input: The next compressed bytes; empty at the end, where output may still be held back.
    ///   - output: Receives decompressed bytes; not empty.
    /// - Returns: How much was read and written.
    /// - Throws: `CLIPError` with code `corruptData` or `limitExceeded`.
    func decode(
        _ input: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws -> DecodingStep
}

/// What one step of a decoder did.
struct DecodingStep {
    /// The number of compressed bytes that are no longer needed.
    let consumed: Int
    /// The number of decompressed bytes.
    let produced: Int
    /// Whether the stream is complete.
    let isEnd: Bool
}

/// The compression formats of archives.
enum Compression: String, CaseIterable {
    case gzip, bzip2, xz, zstd

    /// The number of bytes that identify a format.
    static let signatureBytes = 6

    /// Detects the format of a file or of a further stream in it by its first bytes.
    init?(_ start: some Collection<UInt8>) {
        switch ArchiveSignature(start) {
        case .gzip: self = .gzip
        case .bzip2: self = .bzip2
        case .xz: self = .xz
        case .zstd: self = .zstd
        default: return nil
        }
    }

    /// Creates a decoder for one stream.
    func decoder() -> any StreamDecoder {
        switch self {
        case .gzip: InflateDecoder(.gzip)
        case .bzip2: BZip2Decoder()
        case .xz: XZDecoder()
        case .zstd: ZstdDecoder()
        }
    }
}

extension CLIPError {
    /// An error for damaged compressed data.
    static func damaged(_ format: String) -> CLIPError {
        CLIPError(.corruptData, "The \(format) data is damaged.")
    }
}
