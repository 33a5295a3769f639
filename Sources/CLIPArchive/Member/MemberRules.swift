internal import CLIPCore
internal import CLIPPipeline

/// Decides which files of an archive are read, and as what.
struct MemberRules: Sendable {
    enum Role {
        case image
        case sidecar(ArchiveSource.Sidecar)
    }

    static let maximumSidecarBytes = 1 << 20

    private let filter: FileFilter
    private let sidecars: Set<ArchiveSource.Sidecar>
    /// The maximum size of an image.
    let maximumFileBytes: Int

    /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` if a pattern is malformed or too large.
    init(_ options: ArchiveSource.Options) throws {
        filter = try options.files.filter()
        sidecars = options.sidecars
        maximumFileBytes = options.files.maximumFileBytes
    }

    /// What a file is; `nil` if it is neither image nor sidecar.
    func role(of path: [UInt8]) -> Role? {
        if let key = WebDatasetKey(path), let sidecar = ArchiveSource.Sidecar(rawValue: key.suffix) {
            return .sidecar(sidecar)
        }
        return filter.offersFile(inUntestedFoldersAt: PathNormalisation.relative(path)[...]) ? .image : nil
    }

    /// The maximum size at which a file is read; `nil` if it is not needed.
    func maximumBytes(of path: [UInt8]) -> Int? {
        switch role(of: path) {
        case .image: maximumFileBytes
        case .sidecar(let sidecar): sidecars.contains(sidecar) ? Self.maximumSidecarBytes : nil
        case nil: nil
        }
    }
}

/// Compares paths that are written in different ways.
enum PathNormalisation {
    private static let slash = UInt8(ascii: "/")

    /// A path without empty components, `.` and `..`, as tar unpacks it.
    static func relative(_ path: some Collection<UInt8>) -> [UInt8] {
        var components = [ArraySlice<UInt8>]()
        for component in Array(path).split(separator: slash) {
            if component.elementsEqual("..".utf8) {
                _ = components.popLast()
            } else if !component.elementsEqual(".".utf8) {
                components.append(component)
            }
        }
        return Array(components.joined(separator: [slash]))
    }

    /// The target of a symbolic link at `path`; `nil` if it is outside the archive.
    static func target(_ target: [UInt8], ofLinkAt path: [UInt8]) -> [UInt8]? {
        guard target.first != slash else { return nil }
        let folder = relative(path).split(separator: slash).dropLast()
        var depth = folder.count
        for component in target.split(separator: slash) where !component.elementsEqual(".".utf8) {
            depth += component.elementsEqual("..".utf8) ? -1 : 1
            guard depth >= 0 else { return nil }
        }
        return relative(folder.joined(separator: [slash]) + [slash] + target)
    }
}
