internal import CLIPCore
internal import CLIPPipeline

/// An open archive.
struct ArchiveFile {
    private static let startPieceBytes = 64 << 10
    private static let directoryPieceBytes = 1 << 20

    /// Reads the archive from the start, as often as needed, a remote one in pieces of a given size.
    private let open: (_ pieceBytes: Int) -> any ArchiveBytes
    /// The name for messages and ids.
    let name: String
    let kind: ArchiveKind
    private let isRemote: Bool

    /// Opens a local archive.
    ///
    /// A file that does not look like an archive is read as a tar archive, and is damaged.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`; `unsupportedFormat` for archives that are not read.
    init(path: String) throws {
        let file: OpenFile
        do {
            file = try OpenFile(bytesOfPath: Array(path.utf8))
        } catch let error as CLIPError where error.code == .unreadable {
            throw error.advising("Archives must be files, not pipes.")
        }
        open = { _ in file }
        name = path
        kind = try Self.kind(of: file)
        isRemote = false
    }

    /// Opens a remote archive.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `unsupportedFormat`; `CancellationError`.
    init(uri: String, _ locations: ImageLocations) async throws {
        let file = try await locations.open(uri)
        let name = LocationSecrets.publicText(of: uri)
        open = { RemoteBytes(file, name: name, pieceBytes: $0) }
        self.name = name
        kind = try Self.kind(of: open(Self.startPieceBytes))
        isRemote = true
    }

    /// Whether a local file looks like an archive, also one of a kind that is not read.
    static func isArchive(_ path: String) -> Bool {
        guard let file = try? OpenFile(bytesOfPath: Array(path.utf8)),
            let start = try? file.read(at: 0, count: ArchiveKind.startBytes)
        else { return false }
        do {
            return try ArchiveKind(start: start, name: path) != nil
        } catch {
            return true
        }
    }

    private static func kind(of archive: any ArchiveBytes) throws -> ArchiveKind {
        let start = try archive.read(at: 0, count: ArchiveKind.startBytes)
        guard let kind = try ArchiveKind(start: start, name: archive.name) else {
            // A zip archive may follow a program that unpacks it.
            return try ZipDirectory(archive) == nil ? .tar : .zip
        }
        guard case .compressedTar(let compression) = kind else { return kind }
        // Damage is reported with the images.
        let contents = DecompressedBytes(archive, format: compression)
        guard let block = try? contents.read(at: 0, count: TarHeader.blockBytes) else { return kind }
        guard block.count == TarHeader.blockBytes, TarHeader(block) != nil || TarHeader.isZero(block) else {
            throw CLIPError(
                .unsupportedFormat,
                "\(archive.name) is compressed with \(compression.rawValue), but is not a tar archive. Decompress it first."
            )
        }
        return kind
    }

    /// Whether images are read in order, so that counting them costs as much as reading them.
    var isReadInOrder: Bool {
        if case .compressedTar = kind { true } else { isRemote }
    }

    /// Starts at the first file.
    ///
    /// - Throws: `CLIPError` with code `unreadable` or `unsupportedFormat`.
    func members(_ rules: MemberRules) throws -> any ArchiveMembers {
        switch kind {
        case .zip: try ZipMembers(contents(), directoryIn: open(Self.directoryPieceBytes), rules)
        case .tar, .compressedTar: TarMembers(tarBytes(), rules)
        }
    }

    /// The images of a tar archive that are links, found once all other images were read.
    func linkedFiles(_ images: [LinkedImage], _ rules: MemberRules) -> LinkedFiles {
        LinkedFiles(images, index: tarBytes(), contents: tarBytes(), maximumBytes: rules.maximumFileBytes)
    }

    /// What a position of damage counts.
    var offsetMeaning: String {
        if case .compressedTar = kind { " of its decompressed contents" } else { "" }
    }

    /// The bytes of a tar archive, from the start.
    private func tarBytes() -> any ArchiveBytes {
        guard case .compressedTar(let compression) = kind else { return contents() }
        return DecompressedBytes(contents(), format: compression)
    }

    private func contents() -> any ArchiveBytes { open(RemoteBytes.contentsPieceBytes) }

    /// Checks that a local archive is still what was opened.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    func requireUnchanged() throws { try contents().requireUnchanged() }
}
