public import CLIPCore

/// Concatenates several sources.
public struct CombinedSource: ImageSource {
    /// The sources, in order.
    package let sources: [any ImageSource]
    /// The columns of all sources; an image has no value in the columns of other sources.
    ///
    /// Columns with the same name are one. If their kinds differ, it holds numbers where these are integers and numbers,
    /// otherwise texts.
    public let columns: [SourceColumn]

    /// Concatenates sources.
    public init(_ sources: [any ImageSource]) {
        self.sources = sources
        self.columns = sources.flatMap(\.columns).joinedByName()
    }

    /// What a user may not expect, one sentence each: columns that hold another kind of values than in their source.
    package var notes: [String] {
        [sources.flatMap(\.columns).noteOnMixedKinds].compactMap(\.self)
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
            current = (
                try source.makeIterator(),
                columns.map { column in source.columns.firstIndex { $0.name == column.name } }
            )
        }
    }

    private func withAllColumns(_ image: ImageReference) -> ImageReference {
        guard let positions = current?.positions, !positions.isEmpty else { return image }
        guard !image.values.isEmpty else { return image }
        return image.with(
            values: zip(columns, positions).map { column, position in
                position.map { image.values[$0].converted(to: column.kind) } ?? .missing
            }
        )
    }
}
