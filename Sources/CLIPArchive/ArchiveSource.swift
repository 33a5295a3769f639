public import CLIPCore
public import CLIPPipeline

/// The images of archives: tar, compressed or not, and zip.
///
/// An archive's kind is recognised by its content. Tar archives may be in ustar, pax, GNU or v7 format, and compressed
/// with gzip, bzip2, xz or Zstandard. Archives may also be URIs that the readers of `locations` read in parts.
///
/// In tar archives, consecutive files with the same key belong together, as in WebDataset: `cats/0001.jpg`,
/// `cats/0001.txt`, `cats/0001.json`. The key is the path up to the first dot of the file name, and is the image's id.
/// If several images have the same key, all are offered, and their ids are their full paths. In zip archives, ids are
/// always paths. Which files are offered is decided as in `FolderSource`.
///
/// Of local archives that are not compressed, and of local zip archives, walking reads only headers and sidecars;
/// images are read later, in parallel. All others are read in order, and each image is in memory until its reference is
/// released, so do not keep many references.
///
/// If an archive is damaged or truncated, the images before the damage are offered. The rest of the archive is offered
/// as one unreadable image whose id is the archive's path, `#` and the offset. The walk continues with the next
/// archive. Hard links have the contents of the earlier file that they name, and symbolic links those of the file in the
/// archive that they lead to; a link without one, a sparse file and an encrypted file are unreadable images.
public struct ArchiveSource: ImageSource {
    /// A file that accompanies an image and whose text becomes a column.
    public enum Sidecar: String, Sendable, Hashable, CaseIterable {
        /// `KEY.txt`, a caption, in the column `txt`.
        case txt
        /// `KEY.json`, unparsed, in the column `json`.
        case json
    }

    /// How image ids are formed.
    public enum IDStyle: Sendable, Hashable {
        /// The key alone, as in WebDataset; keys must be unique across archives.
        case key
        /// The archive's name, `/` and the key.
        case archiveAndKey
        /// The path in the archive.
        case path
        /// The archive's name, `/` and the path.
        case archiveAndPath
    }

    /// Options for ids, columns and files.
    public struct Options: Sendable {
        package var sidecars: Set<Sidecar>
        package var ids: IDStyle?
        package var files: FolderSource.Options

        /// Creates options.
        ///
        /// - Parameters:
        ///   - sidecars: The sidecars to read as columns.
        ///   - ids: How image ids are formed; `nil` for the key in tar archives and the path in zip archives.
        ///   - files: Which files are offered, by their paths in the archive, and their maximum size. The prefix of ids
        ///     is not used.
        public init(
            sidecars: Set<Sidecar> = Set(Sidecar.allCases),
            ids: IDStyle? = nil,
            files: FolderSource.Options = FolderSource.Options()
        ) {
            self.sidecars = sidecars
            self.ids = ids
            self.files = files
        }
    }

    /// Paths and URIs of the archives, in order.
    package let paths: [String]
    /// The options of the source.
    package let options: Options
    /// Reads URIs.
    let locations: ImageLocations

    /// Creates a source.
    ///
    /// ```swift
    /// let source = ArchiveSource(paths: ["shards/00000.tar.gz", "takeout.zip"])
    /// ```
    ///
    /// - Parameters:
    ///   - paths: Paths and URIs of archives.
    ///   - options: Ids, columns and files.
    ///   - locations: Reads archives at URIs.
    public init(paths: [String], options: Options = Options(), locations: ImageLocations = ImageLocations()) {
        self.paths = paths
        self.options = options
        self.locations = locations
    }

    /// A text column for each sidecar; images without that file have no value.
    public var columns: [SourceColumn] {
        Sidecar.allCases.filter(options.sidecars.contains).map { SourceColumn($0.rawValue, .text) }
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `unsupportedFormat` if a local archive does not exist,
    ///   cannot be opened, is not a regular file or is of another kind, or if a pattern is malformed. A remote archive
    ///   that cannot be opened is an unreadable image.
    public func makeIterator() throws -> any ImageIterator {
        for path in paths where ImageLocations.scheme(of: path) == nil {
            _ = try ArchiveFile(path: path)
        }
        return try ArchiveIterator(self)
    }

    /// Number of images, counted by reading all headers; `nil` if one of the archives must be decompressed or is
    /// remote.
    ///
    /// - Throws: What ``makeIterator()`` throws.
    public func count() async throws -> Int? {
        for path in paths {
            guard ImageLocations.scheme(of: path) == nil, try !ArchiveFile(path: path).isReadInOrder else { return nil }
        }
        var withoutSidecars = options
        withoutSidecars.sidecars = []
        var iterator = try ArchiveSource(paths: paths, options: withoutSidecars).makeIterator()
        return try await iterator.countRest()
    }

    /// Whether the content of a local file is that of an archive, also of a kind that is not read.
    package static func isArchive(_ path: String) -> Bool {
        ArchiveFile.isArchive(path)
    }
}
