internal import CLIPCore
public import CLIPPipeline

/// Reads objects of Amazon S3 and compatible services by `s3://bucket/key`, and files by `file:///path`.
///
/// ```swift
/// let locations = ImageLocations(readers: [ObjectStoreReader()])
/// let image = locations.image(at: "s3://photos/2024/cat.jpg", id: "cat")
/// ```
///
/// Everything after the bucket is the key, as in the AWS tools: `%20` is three characters. A `file` URI is
/// percent-decoded. A URI that contains credentials is refused.
public struct ObjectStoreReader: LocationReader {
    /// `file` and `s3`.
    public let schemes = ["file", "s3"]
    let store: ObjectStore

    /// Creates a reader, which connects on the first read.
    public init(options: Options = Options()) {
        store = ObjectStore(options)
    }

    /// Replaces the contents of `buffer` with the bytes of an object or a file, and keeps its capacity.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `limitExceeded`; `unsupportedFormat` if the location
    ///   is not such a URI.
    public func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) async throws {
        if ImageLocations.scheme(of: location) == "file" {
            let path = try FileURI.path(location)
            let file = LocalFile(path: path, maximumBytes: maximumBytes)
            try await store.block(&buffer) { _ = try file.read(into: &$0) }
        } else {
            try await store.read(ObjectLocation(location), maximumBytes: maximumBytes, into: &buffer)
        }
    }
}
