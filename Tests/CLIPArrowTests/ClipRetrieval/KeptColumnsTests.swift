import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

@Suite struct KeptColumnsTests {
    private let columns = [
        SourceColumn("stars", .integer), SourceColumn("image_path", .text), SourceColumn("note", .text),
    ]
    private let folder: TemporaryFolder
    private let store: MemoryStore

    init() throws {
        folder = try TemporaryFolder()
        store = MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(
                ids: ["a", "b"],
                embeddings: EmbeddingMatrix(rows: [[1, 0], [0, 1]]),
                origins: [ImageOrigin(values: [.integer(1), .text("x"), .text("one")]), ImageOrigin()]
            )
        )
    }

    @Test(
        arguments: [
            (["note", "stars"], [[.integer(1), .text("one")], [.missing, .missing]]),
            (["note"], [[.text("one")], [.missing]]), ([], []),
        ] as [([String], [[ColumnValue]])]
    )
    func aColumnWithTheNameOfTheIDsCanBeLeftOut(names: [String], values: [[ColumnValue]]) throws {
        let error = #expect(throws: CLIPError.self) {
            try ClipRetrievalWriter(path: folder.path, columns: columns).write(store)
        }
        #expect(error?.message.contains("--keep-columns 'stars,note'") == true)
        let kept = try KeptColumns(names, of: store, columns: columns)
        try ClipRetrievalWriter(path: folder.path, columns: kept.columns).write(kept)
        var blocks = [EmbeddingBlock]()
        try ClipRetrievalStore(path: folder.path, provenance: store.provenance).forEachBlock(rows: 10) {
            blocks.append($0)
        }
        #expect(blocks.map(\.ids) == [["a", "b"]])
        #expect(blocks.flatMap(\.origins).map(\.values) == values)
    }

    @Test func allColumnsAreKeptUnlessSomeAreNamed() throws {
        let kept = try KeptColumns(nil, of: store, columns: columns)
        #expect(kept.columns == columns)
        var origins = [ImageOrigin]()
        try kept.forEachBlock(rows: 10) { origins += $0.origins }
        #expect(origins.map(\.values) == [[.integer(1), .text("x"), .text("one")], []])
    }

    @Test func anUnknownColumnIsNamedWithTheKnownOnes() {
        let error = #expect(throws: CLIPError.self) { try KeptColumns(["Note"], of: store, columns: columns) }
        #expect(error?.code == .notFound && error?.message.contains("'Note'") == true)
        #expect(error?.message.contains("stars, image_path, note") == true)
    }
}
