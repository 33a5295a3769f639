/// Which images to embed, in a stable order and with stable ids.
public protocol ImageSource: Sendable {
    /// Starts at the first image. May be called more than once.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable` when the source itself cannot be opened.
    func makeIterator() throws -> any ImageIterator
}

/// Walks over a source's images in bounded memory.
public protocol ImageIterator {
    /// The next image, or `nil` at the end.
    ///
    /// - Throws: ``CLIPError`` when the rest of the source cannot be read. An image that cannot be read is no such case:
    ///   it is returned, and its ``ImageReference/bytes()`` throws.
    mutating func next() async throws -> ImageReference?
}

extension ImageSource {
    /// Number of images, by walking over them without reading any.
    ///
    /// - Throws: What ``makeIterator()`` and ``ImageIterator/next()`` throw.
    public func count() async throws -> Int {
        var iterator = try makeIterator()
        var count = 0
        while try await iterator.next() != nil {
            count += 1
        }
        return count
    }
}
