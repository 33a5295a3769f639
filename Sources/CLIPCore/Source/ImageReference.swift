/// One image that a source offers: its id and the way to its bytes.
public struct ImageReference: Sendable {
    /// Identifies the image in the store, the same whenever the source is read again.
    public let id: String
    private let read: @Sendable () async throws -> [UInt8]

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - id: Identifies the image in the store.
    ///   - read: Returns the bytes of the image file. It may block, and is called from any task.
    public init(id: String, read: @escaping @Sendable () async throws -> [UInt8]) {
        self.id = id
        self.read = read
    }

    /// The bytes of the image file.
    ///
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or `limitExceeded`.
    public func bytes() async throws -> [UInt8] {
        try await read()
    }
}
