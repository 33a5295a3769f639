internal import CLIPCore

/// The kinds of archive, which their content tells.
enum ArchiveKind: Equatable {
    case tar
    case compressedTar(Compression)
    case zip

    /// The number of bytes that tell the kind.
    static let startBytes = 512

    /// Kinds that are not read, and the commands that unpack them.
    private static let others: [(name: String, start: [UInt8], command: String)] = [
        ("an lz4 file", [0x04, 0x22, 0x4D, 0x18], "unlz4"),
        ("a lzip file", Array("LZIP".utf8), "lzip --decompress"),
        ("a compress file", [0x1F, 0x9D], "uncompress"),
        ("a 7z archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z x"),
        ("a RAR archive", Array("Rar!".utf8), "unrar x"),
    ]

    /// Detects the kind of an archive by its first bytes; `nil` if it is none.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` for a kind that is not read.
    init?(start: [UInt8], name: String) throws(CLIPError) {
        if let other = Self.others.first(where: { start.starts(with: $0.start) }) {
            throw CLIPError(
                .unsupportedFormat,
                "\(name) is \(other.name), which is not supported. Unpack it first: \(other.command) \(name)"
            )
        }
        let zipStarts = [ZipSignature.member, ZipSignature.end, ZipSignature.descriptor]
        if let compression = Compression(start) {
            self = .compressedTar(compression)
        } else if zipStarts.contains(where: { start.starts(with: $0) }) {
            self = .zip
        } else if start.count == TarHeader.blockBytes, TarHeader(start) != nil {
            self = .tar
        } else {
            return nil
        }
    }
}
