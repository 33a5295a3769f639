internal import CLIPCore
internal import CLIPPipeline

extension ArchiveSource.Options {
    /// Which files are read, and as what.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` if a pattern is malformed or too large.
    func memberRules() throws -> MemberRules {
        MemberRules(
            filter: try files.filter(),
            maximumFileBytes: files.maximumFileBytes,
            sidecars: Set(ArchiveSource.Sidecar.allCases.map(\.rawValue)),
            readSidecars: Set(sidecars.map(\.rawValue))
        )
    }
}

extension ArchiveSource.IDStyle {
    /// An image's id: its key, or its path if several images have the key or paths are requested, prefixed with the
    /// archive's name if requested.
    func id(of image: ArchiveMember, in sample: ArchiveSample, archive: String) -> String {
        let isKey = (self == .key || self == .archiveAndKey) && !sample.hasSeveralImages
        let id = PathText.text((isKey ? sample.key : image.path)[...])
        return switch self {
        case .key, .path: id
        case .archiveAndKey, .archiveAndPath: archive.split(separator: "/").last.map { "\($0)/\(id)" } ?? id
        }
    }
}
