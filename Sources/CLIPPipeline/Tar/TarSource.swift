public import CLIPCore

/// The images of tar archives, written by WebDataset or any other tool.
///
/// Consecutive files with the same key belong together: `cats/0001.jpg`, `cats/0001.txt`, `cats/0001.json`. The key is
/// the path up to the first dot of the file name, and is the image's id. If several images have the same key, all are
/// offered, and their ids are their full paths. As in ``FolderSource``, files with an image extension are offered, and
/// hidden files are skipped. Archives may be in ustar, pax, GNU or v7 format, uncompressed.
///
/// Walking reads only headers and sidecars; images are read later, in parallel. If an archive is damaged or truncated,
/// the images before the damage are offered. The rest of the archive is offered as one unreadable image whose id is the
/// archive's path, `#` and the offset. The walk continues with the next archive. Links and sparse files with an image
/// extension are offered as unreadable images.
public struct TarSource: ImageSource {
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
    }

    /// Options for ids, columns and limits.
    public struct Options: Sendable, Hashable {
        package var sidecars: Set<Sidecar>
        package var ids: IDStyle
        package var maximumFileBytes: Int

        /// Creates options.
        ///
        /// - Parameters:
        ///   - sidecars: The sidecars to read as columns.
        ///   - ids: How image ids are formed.
        ///   - maximumFileBytes: The maximum size of an image in bytes, 1 GiB by default; larger images fail without
        ///     being read.
        public init(
            sidecars: Set<Sidecar> = Set(Sidecar.allCases),
            ids: IDStyle = .key,
            maximumFileBytes: Int = 1 << 30
        ) {
            self.sidecars = sidecars
            self.ids = ids
            self.maximumFileBytes = maximumFileBytes
        }
    }

    /// Paths of the archives, in order.
    package let paths: [String]
    /// The options of the source.
    package let options: Options

    /// Creates a source.
    ///
    /// ```swift
    /// let source = TarSource(paths: ["shards/00000.tar", "shards/00001.tar"])
    /// ```
    public init(paths: [String], options: Options = Options()) {
        self.paths = paths
        self.options = options
    }

    /// A text column for each sidecar; images without that file have no value.
    public var columns: [SourceColumn] {
        orderedSidecars.map { SourceColumn($0.rawValue, .text) }
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `unsupportedFormat` if an archive does not exist,
    ///   cannot be opened, is not a regular file or is compressed.
    public func makeIterator() throws -> any ImageIterator {
        for path in paths {
            try TarFile.open(path)
        }
        return TarIterator(self)
    }

    /// Number of images, counted by reading all headers.
    ///
    /// - Throws: What ``makeIterator()`` throws.
    public func count() async throws -> Int? {
        var withoutSidecars = options
        withoutSidecars.sidecars = []
        var iterator = try TarSource(paths: paths, options: withoutSidecars).makeIterator()
        return try await iterator.countRest()
    }

    /// The sidecars in column order.
    var orderedSidecars: [Sidecar] {
        Sidecar.allCases.filter(options.sidecars.contains)
    }
}
