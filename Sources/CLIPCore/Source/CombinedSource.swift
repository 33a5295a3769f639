/// Several sources, one after the other.
public struct CombinedSource: ImageSource {
    /// The sources, in order.
    public let sources: [any ImageSource]

    /// Joins sources.
    public init(_ sources: [any ImageSource]) {
        self.sources = sources
    }

    /// Starts at the first image.
    public func makeIterator() throws -> any ImageIterator {
        CombinedIterator(rest: sources[...])
    }
}

private struct CombinedIterator: ImageIterator {
    var rest: ArraySlice<any ImageSource>
    var current: (any ImageIterator)?

    init(rest: ArraySlice<any ImageSource>) {
        self.rest = rest
    }

    mutating func next() async throws -> ImageReference? {
        while true {
            if let image = try await current?.next() { return image }
            guard let source = rest.popFirst() else { return nil }
            current = try source.makeIterator()
        }
    }
}
