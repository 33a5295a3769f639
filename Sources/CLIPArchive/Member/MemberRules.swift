internal import CLIPCore
internal import CLIPPipeline

/// Decides which files of an archive are read, and as what.
struct MemberRules: Sendable {
    enum Role {
        case image
        /// A file whose text becomes a column, by its suffix.
        case sidecar(String)
    }

    static let maximumSidecarBytes = 1 << 20

    let filter: FileFilter
    /// The maximum size of an image.
    let maximumFileBytes: Int
    /// The suffixes of sidecars.
    let sidecars: Set<String>
    /// The suffixes of sidecars that are needed.
    let readSidecars: Set<String>

    /// What a file is; `nil` if it is neither image nor sidecar.
    func role(of path: [UInt8]) -> Role? {
        if let key = WebDatasetKey(path), sidecars.contains(key.suffix) { return .sidecar(key.suffix) }
        return filter.offersFile(inUntestedFoldersAt: PathNormalisation.relative(path)[...]) ? .image : nil
    }

    /// The maximum size at which a file is read; `nil` if it is not needed.
    func maximumBytes(of path: [UInt8]) -> Int? {
        switch role(of: path) {
        case .image: maximumFileBytes
        case .sidecar(let sidecar): readSidecars.contains(sidecar) ? Self.maximumSidecarBytes : nil
        case nil: nil
        }
    }
}
