public import CLIPCore

/// Reads files by their URIs, such as `s3://bucket/key` or `https://host/path`.
public protocol LocationReader: Sendable {
    /// The URI schemes this reader supports, in lower case, such as `https`.
    var schemes: [String] { get }

    /// Replaces the contents of `buffer` with the bytes of a file and keeps its capacity.
    ///
    /// May be called concurrently; the reader limits its own connections.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `limitExceeded`.
    func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) async throws
}

/// Resolves a path or URI and dispatches it to the reader for its scheme.
///
/// ```swift
/// let locations = ImageLocations(readers: [HTTPReader()])
/// let image = locations.image(at: "https://example.org/cat.jpg", id: "cat")
/// ```
public struct ImageLocations: Sendable {
    /// Larger files fail without being read.
    package let maximumFileBytes: Int
    private let readers: [String: any LocationReader]

    /// Creates a resolver with readers for URIs.
    ///
    /// If two readers support the same scheme, the first one is used.
    public init(readers: [any LocationReader] = [], maximumFileBytes: Int = 1 << 30) {
        self.maximumFileBytes = maximumFileBytes
        self.readers = readers.reduce(into: [:]) { table, reader in
            for scheme in reader.schemes where table[scheme] == nil { table[scheme] = reader }
        }
    }

    /// The image at a path or URI.
    ///
    /// - Parameters:
    ///   - location: A path, absolute or relative to the working directory, or a URI.
    ///   - id: Identifies the image in the store.
    ///   - version: A value that changes when the image changes. By default, the file's version for a path or `file`
    ///     URI, and the URI without its query otherwise.
    ///   - values: The image's values in the source's columns.
    /// - Returns: The image. Reading it throws `CLIPError` with code `unsupportedFormat` if no reader supports the
    ///   scheme, and `unreadable` if the URI contains credentials.
    public func image(
        at location: String,
        id: String,
        version: String? = nil,
        values: [ColumnValue] = []
    ) -> ImageReference {
        let location = Self.withoutBlanks(location)
        guard let scheme = Self.scheme(of: location), scheme != "file" else {
            let path: [UInt8]
            do {
                path = try Self.path(location)
            } catch {
                return ImageReference(id: id, version: version, values: values) { _ in throw error }
            }
            let file = LocalFile(path: path, maximumBytes: maximumFileBytes)
            guard let version else { return ImageReference(id: id, values: values, file: file) }
            return ImageReference(id: id, version: version, values: values) { _ = try file.read(into: &$0) }
        }
        let reader = readers[scheme]
        // A different URI under the same id means a different image. The query may be a signature, so it is left out.
        let version = version ?? LocationSecrets.withoutQuery(location)
        return ImageReference(id: id, version: version, values: values) { [maximumFileBytes] in
            try LocationSecrets.requireNone(in: location)
            guard let reader else {
                throw CLIPError(
                    .unsupportedFormat,
                    "Cannot read \(LocationSecrets.publicText(of: location)): '\(scheme)://' is not supported here."
                )
            }
            try await reader.read(location, maximumBytes: maximumFileBytes, into: &$0)
        }
    }

    /// A URI without the blanks before it, and those behind it if they cannot be part of it; a path as it is.
    package static func withoutBlanks(_ location: String) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let start = String(location.utf8.drop(while: isBlank)) ?? location
        switch scheme(of: start) {
        case nil: return location
        case "http", "https":
            return String(decoding: start.utf8.reversed().drop(while: isBlank).reversed(), as: UTF8.self)
        default: return start
        }
    }

    /// The reader for a scheme in lower case.
    func reader(for scheme: String) -> (any LocationReader)? { readers[scheme] }

    /// The bytes of a path, or of the path in a `file` URI.
    private static func path(_ location: String) throws -> [UInt8] {
        scheme(of: location) == nil ? Array(location.utf8) : try FileURI.path(location)
    }

    /// The scheme of a URI in lower case, or `nil` for a path.
    ///
    /// A URI starts with a letter, then letters, digits, `+`, `-` and `.`, then `://` (RFC 3986, section 3.1).
    package static func scheme(of location: String) -> String? {
        let bytes = location.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let scheme = location[..<colon]
        let isScheme = scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        return isScheme && scheme.first?.isLetter == true ? scheme.lowercased() : nil
    }
}
