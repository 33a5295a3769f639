internal import CLIPCore

/// Reads parts of files by their URIs.
package protocol PartialReader: LocationReader {
    /// Opens a file.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`; `CancellationError`.
    func open(_ location: String) async throws -> any RemoteFile
}

/// A file on another machine, of which any part can be read.
package protocol RemoteFile: Sendable {
    /// Its size when it was opened.
    var byteCount: Int { get }

    /// Replaces the contents of `buffer` with a part of the file.
    ///
    /// - Parameters:
    ///   - offset: The start of the part.
    ///   - count: Its length; it ends within the file.
    ///   - buffer: Receives the part.
    /// - Throws: `CLIPError` with code `unreadable`, also if the file is another one than when it was opened;
    ///   `CancellationError`.
    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) async throws
}

extension ImageLocations {
    /// Opens the file at a URI for reading parts of it.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if no reader supports the scheme, `notFound` or `unreadable`;
    ///   `CancellationError`.
    package func open(_ location: String) async throws -> any RemoteFile {
        try LocationSecrets.requireNone(in: location)
        guard let reader = Self.scheme(of: location).flatMap({ reader(for: $0) }) as? any PartialReader else {
            throw CLIPError(
                .unsupportedFormat,
                "Cannot read \(LocationSecrets.publicText(of: location)): archives cannot be read from there. "
                    + "Download it and pass its path."
            )
        }
        return try await reader.open(location)
    }
}
