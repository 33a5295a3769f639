public import CLIPCore

/// All images below a folder, sorted by the bytes of their paths.
///
/// An image's id is its path relative to the folder. Files whose names start with a dot (including the `._` files of
/// macOS) are skipped, and so are files without an image extension. Files of an image format that cannot be decoded are
/// offered, so that they appear among the failed images. Links are followed, except to folders that were already
/// walked. A subfolder that cannot be read, or a link that cannot be followed, is offered as an unreadable image whose
/// id is its path.
public struct FolderSource: ImageSource {
    /// File name extensions of images, in lower case, without the dot.
    package static let imageExtensions: Set<String> = [
        "jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "gif", "bmp", "dib", "ico", "tif", "tiff",
        "ppm", "pgm", "pbm", "pnm", "pfm", "jp2", "j2k", "j2c", "jpc", "jpf", "jpx",
        "heic", "heics", "heif", "heifs", "hif", "avif", "avifs", "jxl",
    ]

    /// Options that select files and limit their size.
    ///
    /// Patterns use shell glob syntax:
    ///
    /// - `*` matches any characters except `/`; `?` matches one character except `/`.
    /// - `[a-z]` matches one of these characters; `[!a-z]` matches any other character except `/`.
    /// - `**/` matches any number of folders, including none; `**` elsewhere matches any characters.
    /// - `{a,b}` and `{1..9}` expand to each alternative, as in bash.
    /// - A backslash escapes the next character.
    ///
    /// A pattern without `/`, such as `*.png`, is matched against the name at any depth. A pattern with `/`, such as
    /// `train/**`, is matched against the path relative to the folder. A pattern that ends with `/` matches only
    /// folders. Matching is case-sensitive.
    public struct Options: Sendable {
        package var includesAllFiles: Bool
        package var include: [String]
        package var exclude: [String]
        package var maximumFileBytes: Int
        package var idPrefix: String

        /// Creates options.
        ///
        /// Patterns are not checked here: `makeIterator()` of the source throws an error if one is malformed.
        ///
        /// - Parameters:
        ///   - includesAllFiles: Whether files without an image extension are offered too.
        ///   - include: Patterns of the files to offer; if empty, all are. A pattern with an extension, such as `*.raw`,
        ///     or a whole name offers whatever it matches, and all others only files with an image extension.
        ///   - exclude: Patterns of files to exclude and of folders not to walk.
        ///   - maximumFileBytes: The maximum file size in bytes, 1 GiB by default; larger files fail without being
        ///     read.
        ///   - idPrefix: The prefix of each id, before the relative path.
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

        /// - Throws: `CLIPError` with code `unsupportedFormat` or `limitExceeded` if a pattern is malformed or too
        ///   large.
        package func filter() throws -> FileFilter {
            FileFilter(
                includesAllFiles: includesAllFiles,
                include: try include.map(GlobPattern.init),
                exclude: try exclude.map(GlobPattern.init)
            )
        }
    }

    /// The path of the folder.
    package let path: String
    /// Which files are offered.
    package let options: Options

    /// Creates a source.
    ///
    /// Nothing is read yet: ``makeIterator()`` throws an error if the folder cannot be read or a pattern is malformed.
    public init(path: String, options: Options = Options()) {
        self.path = path
        self.options = options
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`; `unsupportedFormat` or `limitExceeded` if a pattern
    ///   is malformed or too large.
    public func makeIterator() throws -> any ImageIterator {
        try FolderIterator(self)
    }

    /// Number of images.
    ///
    /// - Throws: What ``makeIterator()`` throws.
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
                // The target may be an image, or a folder full of images on a disk that is not mounted.
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

extension FolderSource {
    /// The files that a glob pattern of paths matches, sorted by folder and name.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable` for the folder in which the pattern starts;
    ///   `unsupportedFormat` or `limitExceeded` if the pattern is malformed or too large.
    package static func files(matching pattern: String) throws -> [String] {
        let components = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let fixed = components.prefix { !$0.contains(where: "*?[{".contains) }
        let rest = components.dropFirst(fixed.count)
        let start = fixed.map { $0 + "/" }.joined()
        let options = Options(
            includesAllFiles: true,
            include: ["/" + rest.joined(separator: "/")],
            exclude: rest.count > 1 ? [] : ["*/"]
        )
        var files = [String]()
        try FolderSource(path: start.isEmpty ? "." : start, options: options).forEachFile { file in
            files.append(start + file)
            return true
        }
        return files
    }

    /// Calls `body` with the path of each file, relative to the folder, until it returns false.
    ///
    /// Parts that cannot be read are left out.
    ///
    /// - Throws: What ``makeIterator()`` and `body` throw.
    package func forEachFile(_ body: (String) throws -> Bool) throws {
        var iterator = try FolderIterator(self)
        while let file = iterator.next() {
            guard try file.isUnknownPart || body(file.id) else { return }
        }
    }
}
