internal import CLIPCore

/// Opens tar archives.
enum TarFile {
    /// Compression formats, their magic bytes, and the tools that decompress them.
    private static let compressions: [(name: String, start: [UInt8], tool: String)] = [
        ("gzip", [0x1F, 0x8B], "gunzip"),
        ("bzip2", Array("BZh".utf8), "bunzip2"),
        ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "unxz"),
        ("zstd", [0x28, 0xB5, 0x2F, 0xFD], "unzstd"),
        ("lz4", [0x04, 0x22, 0x4D, 0x18], "unlz4"),
    ]

    /// Opens an archive.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`; `unsupportedFormat` if it is compressed.
    @discardableResult
    static func open(_ path: String) throws -> OpenFile {
        let file: OpenFile
        do {
            file = try OpenFile(bytesOfPath: Array(path.utf8))
        } catch let error as CLIPError where error.code == .unreadable {
            let advice = "Archives need random access, so they must be files, not pipes."
            throw CLIPError(.unreadable, "\(error.message) \(advice)")
        }
        var start = [UInt8](repeating: 0, count: 6)
        _ = try start.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
        if let compression = compressions.first(where: { start.starts(with: $0.start) }) {
            throw CLIPError(
                .unsupportedFormat,
                "\(path) is compressed with \(compression.name), so its images cannot be accessed individually. "
                    + "Decompress it first: \(compression.tool) \(path)"
            )
        }
        return file
    }
}
