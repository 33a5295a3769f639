public import CLIPCore

/// All images below a folder, in the byte order of their paths.
///
/// An image's id is its path relative to the folder. Files whose names start with a dot are skipped, `._` files of macOS
/// among them, and so are files that are not named like images; a file of an image format that cannot be decoded is
/// offered all the same, so that it shows up among the failed ones. Links are followed, but not to a folder that was
/// walked already. A folder below it that cannot be read, or a link that cannot be followed, is offered as an image that
/// cannot be read, with its path as the id.
public struct FolderSource: ImageSource {
    /// File name extensions of images, in lower case.
    package static let imageExtensions: Set<String> = [
        "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "jxl",
    ]

    /// Which files are offered, and how.
    ///
    /// Patterns are those of file names in a shell:
    ///
    /// - `*` stands for any characters but `/`, `?` for one character but `/`.
    /// - `[a-z]` stands for one of these characters, `[!a-z]` for one that is none of these and no `/`.
    /// - `**/` stands for any number of folders, or none; `**` elsewhere for any characters.
    /// - `{a,b}` and `{1..9}` stand for each of the alternatives, as in bash.
    /// - A backslash takes the meaning from the character after it.
    ///
    /// A pattern without `/`, such as `*.png`, is compared with the name alone, at any depth. One with `/`, such as `train/**`,
    /// is compared with the path from the folder. One that ends with `/` fits folders only. Case matters.
    public struct Options: Sendable {
        /// Whether files without an image's extension are offered too; false by default.
        package var includesAllFiles: Bool
        /// Which files are offered, whatever their extensions; empty, the default, for those named like images.
        package var include: [String]
        /// Which files are left out, and which folders are not walked; none by default.
        package var exclude: [String]
        /// A larger file fails before it is read; 1 GiB by default.
        package var maximumFileBytes: Int
        /// What comes before the relative path in each id; empty by default.
        package var idPrefix: String

        /// Creates options.
        public init(
            includesAllFiles: Bool = false,
            include: [String] = [],
            exclude: [String] = [],
            maximumFileBytes: Int = 1 << 30,
            idPrefix: String = ""
        ) {
            self.includesAllFiles = includesAllFiles
            self.include = include
            self.exclude = exclude
            self.maximumFileBytes = maximumFileBytes
            self.idPrefix = idPrefix
        }

        /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` when a pattern is malformed.
        package func filter() throws -> FileFilter {
            FileFilter(
                includesAllFiles: includesAllFiles,
                include: try include.map(GlobPattern.init),
                exclude: try exclude.map(GlobPattern.init)
            )
        }
    }

    /// Path of the folder.
    package let path: String
    /// Which files are offered, and how.
    package let options: Options

    /// Creates a source.
    public init(path: String, options: Options = Options()) {
        self.path = path
        self.options = options
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`, `unsupportedFormat` when a pattern is malformed.
    public func makeIterator() throws -> any ImageIterator {
        try FolderIterator(self)
    }

    /// Number of images.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    public func count() async throws -> Int? {
        var iterator = try makeIterator()
        return try await iterator.countRest()
    }
}

private struct FolderIterator: ImageIterator {
    private struct Level {
        let path: [UInt8]
        var entries: ArraySlice<FolderListing.Entry>
    }

    private let source: FolderSource
    private let filter: FileFilter
    private let rootLength: Int
    private var levels: [Level]
    private var walked: Set<FileIdentity>

    init(_ source: FolderSource) throws {
        let root = Array(source.path.utf8)
        self.source = source
        self.filter = try source.options.filter()
        self.rootLength = root.count + (root.last == UInt8(ascii: "/") ? 0 : 1)
        let listing = try FolderListing(root)
        self.levels = [Level(path: root, entries: listing.entries[...])]
        self.walked = [listing.identity]
    }

    mutating func next() -> ImageReference? {
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
                if filter.offersFile(relativePath) { return reference(path) }
            case .folder:
                guard filter.walksFolder(relativePath) else { continue }
                do {
                    try enter(path, isLink: entry.isLink)
                } catch {
                    return ImageReference(unknownPart: id(path), error: error)
                }
            case .brokenLink(let reason):
                // It may lead to an image, or to a folder full of them, whose disk is not mounted.
                guard !filter.leavesOut(relativePath) else { continue }
                return ImageReference(unknownPart: id(path), error: CLIPError.brokenLink(path, reason))
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

    private func id(_ path: [UInt8]) -> String {
        source.options.idPrefix + PathText.text(path[rootLength...])
    }

    private func reference(_ path: [UInt8]) -> ImageReference {
        ImageReference(id: id(path), file: LocalFile(path: path, maximumBytes: source.options.maximumFileBytes))
    }
}
