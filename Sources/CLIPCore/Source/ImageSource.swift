/// Which images to embed, in a stable order and with stable ids.
public protocol ImageSource: Sendable {
    /// Columns besides id and image that go into the store. Names are unique.
    var columns: [SourceColumn] { get }

    /// Starts at the first image. May be called more than once.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable` when the source itself cannot be opened.
    func makeIterator() throws -> any ImageIterator

    /// Number of images, or `nil` where finding out costs about as much as reading them.
    ///
    /// - Throws: What ``makeIterator()`` and ``ImageIterator/next()`` throw.
    func count() async throws -> Int?
}

extension ImageSource {
    /// No columns.
    public var columns: [SourceColumn] { [] }

    /// Unknown.
    public func count() async throws -> Int? { nil }
}

/// Walks over a source's images in bounded memory.
///
/// It may block: a run walks on a thread that is there for that.
public protocol ImageIterator {
    /// The next image, or `nil` at the end.
    ///
    /// - Throws: ``CLIPError`` when the rest of the source cannot be read. An image that cannot be read is no such case:
    ///   it is returned, and its ``ImageReference/bytes()`` throws.
    mutating func next() async throws -> ImageReference?
}

extension ImageIterator {
    /// Number of images that are left, by walking over them without reading any.
    package mutating func countRest() async throws -> Int {
        var count = 0
        while try await next() != nil {
            try Task.checkCancellation()
            count += 1
        }
        return count
    }
}
