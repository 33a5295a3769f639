internal import CLIPCore
internal import CLIPPipeline

/// A bucket and a key from an `s3://` URI.
///
/// Everything after the bucket is the key, without percent-decoding, as in the AWS tools.
struct ObjectLocation: Sendable {
    let bucket: String
    let key: String

    /// Parses a URI.
    ///
    /// - Throws: `CLIPError` with code `unreadable` if it contains credentials, `unsupportedFormat` if it names no
    ///   bucket.
    init(_ uri: String) throws {
        try LocationSecrets.requireNone(in: uri)
        let rest = uri.utf8.dropFirst("s3://".utf8.count)
        let bucket = rest.prefix { $0 != UInt8(ascii: "/") }
        guard !bucket.isEmpty, !uri.utf8.contains(0) else {
            throw CLIPError(.unsupportedFormat, "Cannot read \(uri): write s3://bucket/key.")
        }
        self.init(bucket: String(Substring(bucket)), key: String(Substring(rest[bucket.endIndex...].dropFirst())))
    }

    init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }
}
