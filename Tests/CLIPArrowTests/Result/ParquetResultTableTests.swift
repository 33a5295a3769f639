import CLIPArrow
import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

@Suite struct ParquetResultTableTests {
    @Test func rowsComeBackInOrder() async throws {
        // More rows than are written at a time.
        let count = 70_000
        let table = ResultTable([
            ("id", .texts((0..<count).map { "image \($0)" })), ("group", .integers((0..<count).map { $0 / 2 })),
            ("cosine", .numbers((0..<count).map { Float($0) / 131_072 })),
        ])
        let folder = try TemporaryFolder()
        try ParquetResultTable.write(table, to: folder.path + "/table.parquet", provenance: Provenance(.stub()))
        #expect(folder.names() == ["table.parquet"])
        var options = TableSource.Options()
        options.imageColumn = "id"
        options.carriedColumns = ["group", "cosine"]
        let source = try TableSource(path: folder.path + "/table.parquet", options: options)
        #expect(source.columns == [SourceColumn("group", .integer), SourceColumn("cosine", .number)])
        var images = try source.makeIterator()
        var row = 0
        while let image = try await images.next() {
            let expected: [ColumnValue] = [.integer(Int64(row / 2)), .number(Double(row) / 131_072)]
            guard image.id == "image \(row)", image.values == expected else {
                Issue.record("row \(row) is \(image.id) \(image.values)")
                break
            }
            row += 1
        }
        #expect(row == count)
    }
}
