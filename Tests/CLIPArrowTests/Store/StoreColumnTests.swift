import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Columns that differ between parts, and columns of kinds that a store does not write.
@Suite struct StoreColumnTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Writes a store with one image, and moves its part into a common folder.
    private func addPart(_ number: Int, _ columns: [SourceColumn], _ values: [ColumnValue]) async throws {
        let other = try TemporaryFolder()
        let image = StoreScenario.before[number]
        let block = try StoreScenario.block([image])
        let writer = try ParquetStoreWriter(
            path: other.path,
            provenance: Provenance(StoreScenario.model),
            columns: columns
        )
        try await writer.append(
            EmbeddingBlock(ids: block.ids, embeddings: block.embeddings, origins: [ImageOrigin(values: values)])
        )
        try await writer.finish(.complete)
        try folder.write(FileBytes.read("\(other.path)/part-00000.parquet"), to: "part-0000\(number).parquet")
    }

    private static let (a, b) = (SourceColumn("a", .text), SourceColumn("b", .text))

    @Test(
        arguments: [
            ([b, a], [.text("y"), .text("x")]), ([a], [.text("x")]),
            ([a, b, SourceColumn("c", .text)], [.text("x"), .text("y"), .text("z")]),
            ([a, SourceColumn("b", .integer)], [.text("x"), .integer(1)]),
        ] as [([SourceColumn], [ColumnValue])]
    )
    func valuesOfPartsWithOtherColumnsAreNotTakenForTheFirstOnes(
        columns: [SourceColumn],
        values: [ColumnValue]
    ) async throws {
        try await addPart(0, [Self.a, Self.b], [.text("x"), .text("y")])
        try await addPart(1, columns, values)
        let store = try ParquetStore(path: folder.path, includesOrigins: true)
        let attempts = [
            { try store.requireSameColumns() }, { try store.forEachBlock(rows: 10) { _ in } },
            { _ = try ParquetStore.compact(path: folder.path) },
        ]
        for attempt in attempts {
            let error = try #require(throws: CLIPError.self) { try attempt() }
            #expect(error.code == .modelMismatch)
            #expect(error.message.contains("part-00000.parquet and \(folder.path)/part-00001.parquet have different"))
            #expect(error.message.contains("a (text), b (text), and "))
        }
        // Vectors alone can be read.
        var ids = [String]()
        try ParquetStore(path: folder.path).forEachBlock(rows: 10) { ids += $0.ids }
        #expect(ids == ["image-0", "image-1"])
    }

    private func addOtherKinds(_ parts: Int) throws -> [UInt8] {
        let bytes = try FileBytes.read(Fixture.path("vectors/other-kinds.parquet"))
        for part in 0..<parts { try folder.write(bytes, to: "part-0000\(part).parquet") }
        return bytes
    }

    @Test func columnsOfOtherKindsAreNotLostByCompactionOrARun() throws {
        let bytes = try addOtherKinds(2)
        let store = try ParquetStore(path: folder.path)
        #expect(store.otherColumns == ["rating", "tags", "colour"] && store.columns.map(\.name) == ["note"])
        let attempts = [
            { try ParquetStore.compact(path: folder.path) },
            {
                _ = try ParquetStoreWriter(path: folder.path, provenance: store.provenance, columns: store.columns)
            },
        ]
        for attempt in attempts {
            let error = try #require(throws: CLIPError.self) { try attempt() }
            #expect(error.code == .unsupportedFormat, "\(error)")
            #expect(error.message.contains("part-00000.parquet has columns of kinds that this library does not read"))
            #expect(error.message.contains("rating, tags, colour"))
        }
        for part in 0..<2 { #expect(try FileBytes.read("\(folder.path)/part-0000\(part).parquet") == bytes) }
    }

    @Test func anExportLeavesColumnsOfOtherKindsOutOnlyOnRequest() throws {
        _ = try addOtherKinds(1)
        let store = try ParquetStore(path: folder.path, includesOrigins: true)
        func kept(_ names: [String]?) throws -> [String] {
            try KeptColumns(names, of: store, columns: store.columns, others: store.otherColumns).columns.map(\.name)
        }
        for names in [nil, ["note", "rating"]] as [[String]?] {
            let error = try #require(throws: CLIPError.self) { try kept(names) }
            #expect(error.code == .unsupportedFormat && error.message.contains("rating"))
            #expect(error.message.contains("--keep-columns"))
        }
        #expect(try kept(["note"]) == ["note"])
        #expect(try kept([]).isEmpty)
    }

    @Test func aRepairSaysWhichColumnsAreInTheDamagedFileOnly() throws {
        var bytes = try addOtherKinds(1)
        // The first vector's 0.6, in little-endian order, becomes 0.
        let value: [UInt8] = [0x9A, 0x99, 0x19, 0x3F]
        let start = try #require(bytes.indices.dropLast(3).first { Array(bytes[$0..<$0 + 4]) == value })
        bytes.replaceSubrange(start..<start + 4, with: [0, 0, 0, 0])
        try folder.write(bytes, to: "part-00000.parquet")
        let repair = try StoreRepair.run(path: folder.path)
        let file = try #require(repair.files.first)
        #expect(file.soundCount == 59 && file.lostIDs == ["image-0"])
        #expect(file.reason.hasSuffix("are kept in the damaged file only: rating, tags, colour."))
        #expect(try ParquetStore(path: folder.path).otherColumns.isEmpty)
    }
}
