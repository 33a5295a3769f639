internal import CLIPCore

extension TarSource.IDStyle {
    /// An image's id: its key, or its path if several images have the key, prefixed with the archive's name if
    /// requested.
    func id(of image: TarMember, in sample: TarSample, archive: String) -> String {
        let id = PathText.text((sample.hasSeveralImages ? image.path : sample.key)[...])
        return switch self {
        case .key: id
        case .archiveAndKey: archive.split(separator: "/").last.map { "\($0)/\(id)" } ?? id
        }
    }
}
