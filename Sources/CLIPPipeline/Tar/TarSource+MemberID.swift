internal import CLIPCore

extension TarSource.IDStyle {
    /// The id of an image: its key, or its path where several images have that key, with the archive's name where asked for.
    func id(of image: TarMember, in sample: TarSample, archive: String) -> String {
        let id = PathText.text((sample.hasSeveralImages ? image.path : sample.key)[...])
        return switch self {
        case .key: id
        case .archiveAndKey: archive.split(separator: "/").last.map { "\($0)/\(id)" } ?? id
        }
    }
}
