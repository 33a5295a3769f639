internal import CLIPCore

/// Walks a folder and its subfolders.
struct FolderWalk {
    /// A file, or a part that cannot be read, at a path of the file system.
    enum Find {
        case file([UInt8])
        case unreadable([UInt8], any Error)
    }

    private struct Level {
        let path: [UInt8]
        var entries: ArraySlice<FolderListing.Entry>
    }

    private let filter: FileFilter
    private let rootLength: Int
    private var levels: [Level]
    private var walked: Set<FileIdentity>

    /// - Throws: What `makeIterator()` of the source throws.
    init(_ source: FolderSource) throws {
        let root = Array(source.path.utf8)
        self.filter = try source.options.filter()
        self.rootLength = root.count + (root.last == UInt8(ascii: "/") ? 0 : 1)
        let listing = try FolderListing(root)
        self.levels = [Level(path: root, entries: listing.entries[...])]
        self.walked = [listing.identity]
    }

    /// A path relative to the folder.
    func relative(_ path: [UInt8]) -> String { PathText.text(path[rootLength...]) }

    mutating func next() -> Find? {
        while let level = levels.last {
            guard let entry = level.entries.first else {
                levels.removeLast()
                continue
            }
            levels[levels.count - 1].entries.removeFirst()
            let path =
                level.path.last == UInt8(ascii: "/") ? level.path + entry.name : level.path + "/".utf8 + entry.name
            let relativePath = path[rootLength...]
            switch entry.kind {
            case .file:
                if filter.offersFile(relativePath) { return .file(path) }
            case .folder:
                guard filter.walksFolder(relativePath) else { continue }
                do {
                    try enter(path, isLink: entry.isLink)
                } catch {
                    return .unreadable(path, error)
                }
            case .brokenLink(let reason):
                // The target may be an image, or a folder full of images on a disk that is not mounted.
                guard !filter.leavesOut(relativePath) else { continue }
                return .unreadable(path, CLIPError.brokenLink(path, reason))
            }
        }
        return nil
    }

    private mutating func enter(_ path: [UInt8], isLink: Bool) throws {
        let listing = try FolderListing(path)
        let isNew = walked.insert(listing.identity).inserted
        guard isNew || !isLink else { return }
        levels.append(Level(path: path, entries: listing.entries[...]))
    }
}

/// The files of a folder as images.
struct FolderIterator: ImageIterator {
    private let options: FolderSource.Options
    private var walk: FolderWalk

    init(_ source: FolderSource) throws {
        options = source.options
        walk = try FolderWalk(source)
    }

    mutating func next() -> ImageReference? {
        switch walk.next() {
        case .file(let path)?:
            let file = LocalFile(path: path, maximumBytes: options.maximumFileBytes)
            return ImageReference(id: options.idPrefix + walk.relative(path), file: file)
        case .unreadable(let path, let error)?:
            return ImageReference(unknownPart: options.idPrefix + walk.relative(path), error: error)
        case nil:
            return nil
        }
    }
}
