internal import CLIPCore
internal import CParquet

/// Owns an open bucket.
// Sendable: the handle is set once, and libparquet-c allows calls on one bucket from any thread.
final class Bucket: @unchecked Sendable {
    /// The maximum memory to reserve at first.
    ///
    /// A larger buffer grows with the received bytes, because a server may claim any size.
    private static let maximumReservedBytes = 16 << 20

    private let name: String
    private let handle: OpaquePointer

    /// Prepares for requests.
    ///
    /// Blocks.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    init(_ name: String, _ options: ObjectStoreReader.Options) throws {
        var bucket: OpaquePointer?
        try Self.withOptionalCString(options.endpoint) { endpoint in
            try Self.withOptionalCString(options.region) { region in
                var given = pqc_s3_options(
                    endpoint: endpoint,
                    region: region,
                    anonymous: options.isAnonymous,
                    connect_timeout: options.connectTimeout / .seconds(1),
                    request_timeout: options.requestTimeout / .seconds(1),
                    attempts: Int32(clamping: options.attempts)
                )
                try ObjectStoreCall.make { pqc_bucket_open(name, &given, &bucket, $0) }
            }
        }
        guard let bucket else { preconditionFailure("an open bucket has a handle") }
        handle = bucket
        self.name = name
    }

    deinit {
        pqc_bucket_free(handle)
    }

    /// Replaces the contents of `buffer` with the bytes of an object.
    ///
    /// Blocks.
    ///
    /// The size is requested with each read: with the size from the listing, an object that has grown since would be
    /// truncated.
    ///
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or `limitExceeded`.
    func read(_ key: String, maximumBytes: Int, into buffer: inout [UInt8]) throws {
        let object = try open(key)
        let size = object.byteCount
        guard size <= maximumBytes else {
            throw CLIPError.tooLarge("s3://\(name)/\(key)", byteCount: size, limit: maximumBytes)
        }
        guard size <= Self.maximumReservedBytes else {
            buffer = []
            buffer = try Array(unsafeUninitializedCapacity: size) { bytes, count in
                try object.fill(UnsafeMutableRawBufferPointer(bytes), from: 0)
                count = bytes.count
            }
            return
        }
        try object.read(at: 0, count: size, into: &buffer)
    }

    /// Opens an object, with its current size.
    ///
    /// Blocks.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    func open(_ key: String) throws -> StoredObject {
        var object: OpaquePointer?
        var size: Int64 = 0
        try ObjectStoreCall.make { pqc_object_open(handle, key, -1, &object, &size, $0) }
        guard let object else { preconditionFailure("an open object has a handle") }
        let opened = StoredObject(owning: object, byteCount: Int(size))
        guard size >= 0 else {
            throw CLIPError(.unreadable, "s3://\(name)/\(key): the server reports a size of \(size) bytes.")
        }
        return opened
    }

    /// Starts a listing of the objects below a folder.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    func listing(of folder: String) throws -> Listing {
        var listing: OpaquePointer?
        try ObjectStoreCall.make { pqc_listing_open(handle, folder, &listing, $0) }
        guard let listing else { preconditionFailure("an open listing has a handle") }
        return Listing(owning: listing)
    }

    private static func withOptionalCString<Result>(
        _ text: String?,
        _ body: (UnsafePointer<CChar>?) throws -> Result
    ) rethrows -> Result {
        guard let text else { return try body(nil) }
        return try text.withCString(body)
    }
}
