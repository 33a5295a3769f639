internal import CLIPCore
package import CLIPPipeline
internal import CParquet

/// Owns an open object of a bucket.
// Sendable: the handle is set once, and libparquet-c allows reads of one object from any thread.
final class StoredObject: @unchecked Sendable {
    private let handle: OpaquePointer
    /// The size when it was opened.
    let byteCount: Int

    init(owning handle: OpaquePointer, byteCount: Int) {
        self.handle = handle
        self.byteCount = byteCount
    }

    deinit {
        pqc_object_free(handle)
    }

    /// Replaces the contents of `buffer`, keeping its capacity, with a part of the object.
    ///
    /// Blocks.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) throws {
        buffer.removeAll(keepingCapacity: true)
        buffer += repeatElement(0, count: count)
        try buffer.withUnsafeMutableBytes { try fill($0, from: offset) }
    }

    /// Fills `bytes` from an offset in the object.
    func fill(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int) throws {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        try ObjectStoreCall.make { pqc_object_read(handle, Int64(offset), start, bytes.count, $0) }
    }
}

/// An object of a bucket, of which parts are read on the store's threads.
struct RemoteObject: RemoteFile {
    let object: StoredObject
    let store: ObjectStore

    var byteCount: Int { object.byteCount }

    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) async throws {
        try await store.block(&buffer) { [object] in try object.read(at: offset, count: count, into: &$0) }
    }
}

extension ObjectStoreReader: PartialReader {
    /// Opens an object.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`; `unsupportedFormat` if the location is not an
    ///   `s3://` URI.
    package func open(_ location: String) async throws -> any RemoteFile {
        let place = try ObjectLocation(location)
        return RemoteObject(object: try await store.open(place), store: store)
    }
}
