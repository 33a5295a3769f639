internal import CLIPCore
internal import CLIPFileKinds
internal import CLIPPipeline

/// The kinds of archive, which their content tells.
enum ArchiveKind: Equatable {
    case tar
    case compressedTar(Compression)
    case zip

    /// The number of bytes that tell the kind.
    static let startBytes = 512

    /// Detects the kind of an archive by its first bytes; `nil` if it is none.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` for a kind that is not read.
    init?(start: [UInt8], name: String) throws(CLIPError) {
        let signature = ArchiveSignature(start)
        if let other = signature.flatMap(Self.unpacking) {
            throw CLIPError(
                .unsupportedFormat,
                "\(name) is \(other.name), which is not supported. Unpack it first: \(other.command) \(name.shellWord)"
            )
        }
        if let compression = Compression(start) {
            self = .compressedTar(compression)
        } else if signature == .zip {
            self = .zip
        } else if start.count == TarHeader.blockBytes, TarHeader(start) != nil {
            self = .tar
        } else {
            return nil
        }
    }

    /// The name of a kind that is not read, and the command that unpacks it.
    private static func unpacking(_ signature: ArchiveSignature) -> (name: String, command: String)? {
        switch signature {
        case .lz4: ("an lz4 file", "unlz4")
        case .lzip: ("a lzip file", "lzip --decompress")
        case .compress: ("a compress file", "uncompress")
        case .sevenZip: ("a 7z archive", "7z x")
        case .rar: ("a RAR archive", "unrar x")
        case .zip, .gzip, .bzip2, .xz, .zstd, .tar: nil
        }
    }
}
