internal import CLIPCore

/// Finds the files that the links of a tar archive lead to, in a second walk over the headers.
///
/// The walk starts with the first link. Memory grows with the number of files in the archive, by about 100 bytes each,
/// but only if it contains links.
struct TarLinks {
    /// As many symbolic links may follow each other.
    private static let maximumLength = 40

    private enum Target {
        case file(TarEntry)
        /// The normalised path that a symbolic link leads to; `nil` if that is outside the archive.
        case path([UInt8]?)
    }

    private var walker: TarWalker
    private var targets = [ImageIDKey: Target]()
    private var isAtEnd = false

    init(_ archive: any ArchiveBytes) {
        walker = TarWalker(archive)
    }

    /// The file that a link leads to.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if there is none in the archive.
    mutating func target(of link: TarEntry) throws(CLIPError) -> TarEntry {
        while !isAtEnd, walker.offset < link.offset { advance() }
        var target = targets[Self.key(link.path)]
        for _ in 0..<Self.maximumLength {
            switch target {
            case .file(let entry):
                return entry
            case .path(let path?):
                // A symbolic link may lead to a later file.
                while !isAtEnd { advance() }
                target = targets[Self.key(path)]
            case .path(nil), nil:
                throw missing(link)
            }
        }
        throw missing(link)
    }

    private func missing(_ link: TarEntry) -> CLIPError {
        let what =
            switch link.contents {
            case .hardLink(let target):
                "it is a hard link to \(PathText.text(target[...])), which is not an earlier file of the archive"
            case .symbolicLink(let target):
                "it is a symbolic link to \(PathText.text(target[...])), which is not a file of the archive"
            case .plain, .sparse:
                preconditionFailure("not a link")
            }
        return .member(link.path, of: walker.archive.name, .unreadable, what)
    }

    private mutating func advance() {
        // Damage is reported by the walk that reads the archive.
        guard let entry = try? walker.next() else {
            isAtEnd = true
            return
        }
        let target: Target? =
            switch entry.contents {
            case .plain, .sparse: .file(entry)
            case .hardLink(let path): targets[Self.key(path)]
            case .symbolicLink(let path): .path(PathNormalisation.target(path, ofLinkAt: entry.path))
            }
        targets[Self.key(entry.path)] = target
    }

    private static func key(_ path: [UInt8]) -> ImageIDKey {
        ImageIDKey(PathText.text(PathNormalisation.relative(path)[...]))
    }
}
