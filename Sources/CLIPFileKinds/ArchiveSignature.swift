/// The kinds of archives and compressed files that are known by their first bytes, whether or not they can be read.
package enum ArchiveSignature: CaseIterable {
    case zip, gzip, bzip2, xz, zstd, lz4, lzip, compress, sevenZip, rar
    /// Old tar archives have no signature.
    case tar

    /// The kind of a file, or `nil` if it is unknown; its first 512 bytes are enough.
    package init?(_ start: some Collection<UInt8>) {
        let kind = Self.allCases.first { kind in
            kind.starts.contains { start.dropFirst(kind == .tar ? 257 : 0).starts(with: $0) }
        }
        guard let kind else { return nil }
        self = kind
    }

    private var starts: [[UInt8]] {
        switch self {
        // A member, the end of an empty archive, and what parallel writers start with.
        case .zip: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 7, 8]]
        case .gzip: [[0x1F, 0x8B]]
        case .bzip2: [Array("BZh".utf8)]
        case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]]
        // The second starts a frame that only decoders skip, which parallel compressors write first.
        // A frame, or one of the sixteen kinds that are skipped (RFC 8878, 3.1.2).
        case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]] + (0x50...0x5F).map { [$0, 0x2A, 0x4D, 0x18] }
        case .lz4: [[0x04, 0x22, 0x4D, 0x18]]
        case .lzip: [Array("LZIP".utf8)]
        case .compress: [[0x1F, 0x9D]]
        case .sevenZip: [[0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]]
        case .rar: [Array("Rar!".utf8)]
        case .tar: [Array("ustar".utf8)]
        }
    }
}
