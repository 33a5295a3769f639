public import CLIPCore
public import CLIPPipeline

/// All images below a folder of an object store, `s3://bucket/folder/`, or of this machine, `file:///folder/`.
///
/// The rules are those of `FolderSource`: an image's id is its path relative to the folder; what has a name or
/// a folder that starts with a dot is skipped, and so are files that are not named like images; patterns are compared with
/// relative paths. Objects come in the byte order of their keys, and their version is their size and the time of their
/// last modification.
///
/// The objects are listed a thousand at a time while the images are read.
public struct ObjectStoreSource: ImageSource {
    /// URI of the folder.
    package let uri: String
    /// Which objects or files are offered, and how.
    package let options: FolderSource.Options
    private let reader: ObjectStoreReader

    /// Creates a source; nothing is connected before the first image is asked for.
    ///
    /// - Parameters:
    ///   - uri: `s3://bucket`, `s3://bucket/folder/` or `file:///folder/`, with or without the last slash.
    ///   - reader: Lists and reads; its connections are shared with all that use it.
    ///   - options: Which objects or files are offered, and how.
    /// - Throws: `CLIPError` with code `unreadable` when the URI holds credentials, `unsupportedFormat` when it
    ///   is no such URI.
    public init(
        uri: String,
        reader: ObjectStoreReader = ObjectStoreReader(),
        options: FolderSource.Options = FolderSource.Options()
    ) throws {
        try LocationSecrets.requireNone(in: uri)
        self.uri = uri
        self.reader = reader
        self.options = options
        switch ImageLocations.scheme(of: uri) {
        case "s3": place = .objects(try ObjectLocation(uri))
        case "file": place = .folder(try Self.folderPath(uri))
        default:
            throw CLIPError(.unsupportedFormat, "\(uri) is no folder of an object store: write s3://bucket/folder/.")
        }
    }

    private enum Place {
        case objects(ObjectLocation)
        case folder(String)
    }

    private let place: Place

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` when a pattern is malformed, `notFound` or `unreadable` for a folder
    ///   of this machine. One of an object store is looked for with the first image, and the iterator throws it.
    public func makeIterator() throws -> any ImageIterator {
        switch place {
        case .objects(let folder): try ObjectIterator(self, store: reader.store, folder: folder)
        case .folder(let path): try folderSource(path).makeIterator()
        }
    }

    /// Number of images in a folder of this machine, `nil` for an object store, which would have to list them all.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    public func count() async throws -> Int? {
        guard case .folder(let path) = place else { return nil }
        return try await folderSource(path).count()
    }

    private func folderSource(_ path: String) -> FolderSource {
        FolderSource(path: path, options: options)
    }

    private static func folderPath(_ uri: String) throws -> String {
        guard let path = String(validating: try FileURI.path(uri), as: UTF8.self) else {
            throw CLIPError(.unsupportedFormat, "Cannot read \(uri): the folder's name is not UTF-8.")
        }
        return path
    }
}
