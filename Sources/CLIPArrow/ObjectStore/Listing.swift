internal import CLIPCore
internal import CParquet
internal import Synchronization

/// An open listing of a bucket.
// Sendable: a lock lets one thread use it at a time. An iterator waits for each page only while its task runs.
final class Listing: @unchecked Sendable {
    struct Entry: Sendable {
        let key: String
        let version: String
    }

    private let handle: OpaquePointer
    private let turn = Mutex(())

    init(owning handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        pqc_listing_free(handle)
    }

    /// The next objects, in the byte order of their keys; empty at the end.
    ///
    /// Blocks.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`.
    func nextPage() throws -> [Entry] {
        try turn.withLock { _ in try readPage() }
    }

    private func readPage() throws -> [Entry] {
        var objects: UnsafePointer<pqc_object_info>?
        var count = 0
        try ObjectStoreCall.make { pqc_listing_next(handle, &objects, &count, $0) }
        return UnsafeBufferPointer(start: objects, count: count).map { object in
            let (seconds, nanoseconds) = object.modified_ns.quotientAndRemainder(dividingBy: 1_000_000_000)
            return Entry(
                key: String(cString: object.key),
                version: FileVersion.text(
                    byteCount: Int(object.size),
                    seconds: Int(seconds),
                    nanoseconds: Int(nanoseconds)
                )
            )
        }
    }
}
