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
