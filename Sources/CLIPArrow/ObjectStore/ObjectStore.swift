internal import CLIPCore
internal import Synchronization

/// The open buckets, and the threads on which their requests wait.
final class ObjectStore: Sendable {
    private let pool: BlockingPool
    private let buckets: OpenOnce<Bucket>

    init(_ options: ObjectStoreReader.Options) {
        let pool = BlockingPool(threads: options.maximumConnections)
        self.pool = pool
        buckets = OpenOnce { name in try await pool.run { try Bucket(name, options) } }
    }

    /// Returns a bucket, which is opened on first use.
    func bucket(_ name: String) async throws -> Bucket {
        try await buckets(name)
    }

    /// Replaces the contents of `buffer` with the bytes of an object.
    func read(
        _ location: ObjectLocation,
        maximumBytes: Int,
        into buffer: inout [UInt8]
    ) async throws {
        let bucket = try await bucket(location.bucket)
        try await block(&buffer) {
            try bucket.read(location.key, maximumBytes: maximumBytes, into: &$0)
        }
    }

    /// Opens an object.
    func open(_ location: ObjectLocation) async throws -> StoredObject {
        let bucket = try await bucket(location.bucket)
        return try await pool.run { try bucket.open(location.key) }
    }

    /// Passes the memory of `buffer` to a call on one of the threads.
    func block(_ buffer: inout [UInt8], _ body: @escaping @Sendable (inout [UInt8]) throws -> Void) async throws {
        let lent = Lent(buffer)
        buffer = []
        try await pool.run { try lent.bytes.withLock { try body(&$0) } }
        lent.bytes.withLock { swap(&buffer, &$0) }
    }

    /// The next page of a listing.
    func nextPage(_ listing: Listing) async throws -> [Listing.Entry] {
        try await pool.run { try listing.nextPage() }
    }

    private final class Lent: Sendable {
        let bytes: Mutex<[UInt8]>

        init(_ bytes: consuming [UInt8]) {
            self.bytes = Mutex(bytes)
        }
    }
}
