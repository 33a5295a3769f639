public import CLIPCore

/// The images of tar archives, as WebDataset writes them or any others.
///
/// Files of one key, which is the path up to the first dot of the file's name, belong together and follow each other:
/// `cats/0001.jpg`, `cats/0001.txt`, `cats/0001.json`. The key is the image's id. Where a key has several images, all are
/// offered, and their ids are their whole paths. Files named like images are offered, as ``FolderSource`` does; hidden
/// ones are skipped. Archives are ustar, pax, GNU or v7 archives, not compressed.
///
/// Walking reads headers and sidecars; an image is read when its turn comes, several at a time. Where an archive is
/// damaged or cut off, the images before that place are offered; the rest of it is offered as one image whose id is
/// the archive's path, `#` and the place, and which cannot be read; the next archive follows. Links and sparse files
/// named like images are offered and cannot be read.
public struct TarSource: ImageSource {
    /// A file beside an image whose text becomes a column.
    public enum Sidecar: String, Sendable, Hashable, CaseIterable {
        /// `KEY.txt`, a caption. Column `txt`.
        case txt
        /// `KEY.json`, as it is. Column `json`.
        case json
    }

    /// What an image's id is.
    public enum IDStyle: Sendable, Hashable {
        /// The key alone, as in WebDataset; it must not repeat in another archive.
        case key
        /// The archive's name, `/` and the key.
        case archiveAndKey
    }

    /// What is offered, and how.
    public struct Options: Sendable, Hashable {
        /// The sidecars that become columns; all by default.
        package var sidecars: Set<Sidecar>
        /// What an image's id is; its key by default.
        package var ids: IDStyle
        /// A larger image fails before it is read; 1 GiB by default.
        package var maximumFileBytes: Int

        /// Creates options.
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
    /// What is offered, and how.
    package let options: Options

    /// Creates a source.
    ///
    /// ```swift
    /// let source = TarSource(paths: try BracePattern.expand("shards/{00000..00123}.tar"))
    /// ```
    public init(paths: [String], options: Options = Options()) {
        self.paths = paths
        self.options = options
    }

    /// A text column for each sidecar; an image without the file has no value.
    public var columns: [SourceColumn] {
        orderedSidecars.map { SourceColumn($0.rawValue, .text) }
    }

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable`, or `unsupportedFormat`, when one of the archives is not
    ///   there, cannot be opened, is no file or is compressed.
    public func makeIterator() throws -> any ImageIterator {
        for path in paths {
            try TarFile.open(path)
        }
        return TarIterator(self)
    }

    /// Number of images, found by reading all headers.
    ///
    /// - Throws: What ``makeIterator()`` throws.
    public func count() async throws -> Int? {
        var withoutSidecars = options
        withoutSidecars.sidecars = []
        var iterator = try TarSource(paths: paths, options: withoutSidecars).makeIterator()
        return try await iterator.countRest()
    }

    /// The sidecars in the order of the columns.
    var orderedSidecars: [Sidecar] {
        Sidecar.allCases.filter(options.sidecars.contains)
    }
}
