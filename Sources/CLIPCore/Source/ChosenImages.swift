/// The images of a source that have certain ids, without the values of its columns.
package struct ChosenImages<Source: ImageSource>: ImageSource {
    private let source: Source
    private let ids: ImageIDSet

    package init(source: Source, ids: ImageIDSet) {
        self.source = source
        self.ids = ids
    }

    package func makeIterator() throws -> any ImageIterator {
        Iterator(all: try source.makeIterator(), ids: ids)
    }

    private struct Iterator: ImageIterator {
        var all: any ImageIterator
        let ids: ImageIDSet

        mutating func next() async throws -> ImageReference? {
            while let image = try await all.next() {
                if ids.contains(image.id) { return image.with(values: []) }
            }
            return nil
        }
    }
}
