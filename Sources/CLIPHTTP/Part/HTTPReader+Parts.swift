internal import CLIPCore
package import CLIPPipeline

extension HTTPReader: PartialReader {
    /// Opens a file for reading parts of it.
    ///
    /// - Throws: `CLIPError` with code `notFound`, or `unreadable` also if the server does not send parts of files;
    ///   `CancellationError`.
    package func open(_ location: String) async throws -> any RemoteFile {
        let address = try WebAddress(location)
        var first = [UInt8]()
        let identity = try await read(address, part: 0..<1, maximumBytes: 1, into: &first)
        guard identity.byteCount >= 0 else {
            let reason = "the server does not tell the file's size"
            throw CLIPError(.unreadable, "Cannot read \(address.description): \(reason).")
        }
        return WebFile(reader: self, address: address, identity: identity)
    }
}

/// A file on a web server.
private struct WebFile: RemoteFile {
    let reader: HTTPReader
    let address: WebAddress
    let identity: RemoteIdentity

    var byteCount: Int { identity.byteCount }

    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) async throws {
        let part = offset..<offset + count
        let received = try await reader.read(address, part: part, maximumBytes: count, into: &buffer)
        guard received == identity, buffer.count == count else {
            throw CLIPError(.unreadable, "\(address.description) changed while it was being read. Try again.")
        }
    }
}
