public import CLIPCore

/// Concatenates several sources.
public struct CombinedSource: ImageSource {
    /// The sources, in order.
    package let sources: [any ImageSource]
    /// The columns of all sources; an image has no value in the columns of other sources.
    public let columns: [SourceColumn]

    /// Concatenates sources.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if columns with the same name have different kinds of
    ///   values.
    public init(_ sources: [any ImageSource]) throws {
        var columns = [SourceColumn]()
        for column in sources.flatMap(\.columns) where !columns.contains(column) {
            if let other = columns.first(where: { $0.name == column.name }) {
                throw CLIPError(
                    .unsupportedFormat,
                    "Two sources have a column '\(column.name)', one of kind \(other.kind.rawValue), the other of kind "
                        + "\(column.kind.rawValue). Rename one of them, or embed the sources into separate stores."
                )
            }
            columns.append(column)
        }
        self.sources = sources
        self.columns = columns
    }

    /// Starts at the first image.
    public func makeIterator() throws -> any ImageIterator {
        CombinedIterator(rest: sources[...], columns: columns)
    }

    /// The total, or `nil` if a source does not know its count.
    public func count() async throws -> Int? {
        var sum = 0
        for source in sources {
            guard let count = try await source.count() else { return nil }
            sum += count
        }
        return sum
    }
}

private struct CombinedIterator: ImageIterator {
    var rest: ArraySlice<any ImageSource>
    let columns: [SourceColumn]
    /// The source being walked, and the position of each of `columns` in it.
    var current: (iterator: any ImageIterator, positions: [Int?])?

    init(rest: ArraySlice<any ImageSource>, columns: [SourceColumn]) {
        self.rest = rest
        self.columns = columns
    }

    mutating func next() async throws -> ImageReference? {
        while true {
            if let image = try await current?.iterator.next() { return withAllColumns(image) }
            guard let source = rest.popFirst() else { return nil }
            current = (try source.makeIterator(), columns.map { source.columns.firstIndex(of: $0) })
        }
    }

    private func withAllColumns(_ image: ImageReference) -> ImageReference {
        guard let positions = current?.positions, !positions.isEmpty else { return image }
        guard !image.values.isEmpty else { return image }
        return image.with(values: positions.map { $0.map { image.values[$0] } ?? .missing })
    }
}
