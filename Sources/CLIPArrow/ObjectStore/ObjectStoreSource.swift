public import CLIPCore
public import CLIPPipeline

/// All images below a folder of an object store, `s3://bucket/folder/`, or of this machine, `file:///folder/`.
///
/// The rules are those of `FolderSource`: an image's id is its path relative to the folder; files and folders whose
/// names start with a dot are skipped, as are files without an image extension; patterns match relative paths. Objects
/// are in the byte order of their keys. Their version consists of their size and modification time.
///
/// Objects are listed in pages of a thousand while images are read.
public struct ObjectStoreSource: ImageSource {
    /// The URI of the folder.
    package let uri: String
    /// Which objects or files are offered.
    package let options: FolderSource.Options
    private let reader: ObjectStoreReader

    /// Creates a source, which connects when the first image is requested.
    ///
    /// - Parameters:
    ///   - uri: `s3://bucket`, `s3://bucket/folder/` or `file:///folder/`; the trailing slash is optional.
    ///   - reader: Lists and reads objects; its connections are shared by all its users.
    ///   - options: Which objects or files are offered.
    /// - Throws: `CLIPError` with code `unreadable` if the URI contains credentials, `unsupportedFormat` if it is not
    ///   such a URI.
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
            throw CLIPError(.unsupportedFormat, "\(uri) is not a folder of an object store: write s3://bucket/folder/.")
        }
    }

    private enum Place {
        case objects(ObjectLocation)
        case folder(String)
    }

    private let place: Place

    /// Starts at the first image.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if a pattern is malformed, `notFound` or `unreadable` for a
    ///   folder of this machine. For an object store, the iterator throws these with the first image.
    public func makeIterator() throws -> any ImageIterator {
        switch place {
        case .objects(let folder): try ObjectIterator(self, store: reader.store, folder: folder)
        case .folder(let path): try folderSource(path).makeIterator()
        }
    }

    /// Number of images in a folder of this machine; `nil` for an object store, which would have to list all objects.
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
