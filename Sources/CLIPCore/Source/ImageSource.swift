/// The images to embed, in a stable order and with stable ids.
public protocol ImageSource: Sendable {
    /// Additional columns for the store, besides id and image. Names are unique.
    var columns: [SourceColumn] { get }

    /// Starts at the first image. Can be called more than once.
    ///
    /// - Throws: ``CLIPError`` with code `notFound` or `unreadable` if the source itself cannot be opened.
    func makeIterator() throws -> any ImageIterator

    /// The number of images, or `nil` if counting costs about as much as reading them.
    ///
    /// - Throws: What ``makeIterator()`` and ``ImageIterator/next()`` throw.
    func count() async throws -> Int?
}

extension ImageSource {
    /// Returns no columns.
    public var columns: [SourceColumn] { [] }

    /// Returns `nil`.
    public func count() async throws -> Int? { nil }
}

/// Iterates over a source's images in bounded memory.
///
/// It may block: a run iterates on a dedicated thread.
public protocol ImageIterator {
    /// The next image, or `nil` at the end.
    ///
    /// - Throws: ``CLIPError`` if the rest of the source cannot be read. If only one image cannot be read, it is
    ///   returned, and its ``ImageReference/bytes()`` throws.
    mutating func next() async throws -> ImageReference?
}

extension ImageIterator {
    /// The number of remaining images, counted without reading them.
    package mutating func countRest() async throws -> Int {
        var count = 0
        while try await next() != nil {
            try Task.checkCancellation()
            count += 1
        }
        return count
    }
}
