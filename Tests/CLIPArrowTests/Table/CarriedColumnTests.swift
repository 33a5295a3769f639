import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// What of a table gets into the store; the fixtures are made by `Tools/fixtures/make_table_fixtures.py`.
@Suite struct CarriedColumnTests {
    @Test func listsStructsAndMapsAreCarriedAsJSON() async throws {
        let source = try TableSource(path: Fixture.path("nested.parquet"))
        let expected: [(String, [String?])] = [
            ("box", ["[1, 2]", "[]", nil]), ("fixed", ["[0.1, 2.0]", nil, "[null, -1e+300]"]),
            ("texts", [#"["a", "\"b\\\n", null]"#, "[]", nil]),
            (
                "objects",
                [
                    #"{"area": [0.1], "name": "grün", "day": "2024-02-29"}"#,
                    #"{"area": null, "name": null, "day": null}"#, nil,
                ]
            ),
            ("map", [#"{"a": 1, "b": null}"#, "{}", nil]), ("pairs", ["[[1, true]]", "[]", nil]),
            ("deep", ["[[1], null]", "[[]]", nil]),
        ]
        #expect(source.columns == expected.map { SourceColumn($0.0, .text) })
        let images = try await source.images()
        for (position, column) in expected.enumerated() {
            #expect(images.map { $0.values[position] } == column.1.map { $0.map(ColumnValue.text) ?? .missing })
        }
        #expect(
            source.notes == [
                "\(Fixture.path("nested.parquet")): columns left out: crops (lists of bytes), masks (structs with bytes)."
            ]
        )
    }

    @Test func namesThatAreMissingDoubledOrReservedAreChanged() async throws {
        let source = try TableSource(path: Fixture.path("doubled-names.parquet"))
        let names = [
            "path", "note", "note_2", "column_4_2", "embedding_3", "embedding_2", "source_version_2", "column_4",
        ]
        #expect(source.columns.map(\.name) == names)
        let images = try await source.images()
        #expect(images.map(\.id) == ["4"])
        #expect(images[0].values == ["a.png", "1", "2", "3", "5", "6", "7", "8"].map { .text($0) })
        #expect(
            source.notes == [
                "\(Fixture.path("doubled-names.parquet")): columns renamed: 'note' to 'note_2', a column without a name to "
                    + "'column_4_2', 'embedding' to 'embedding_3', 'source_version' to 'source_version_2'."
            ]
        )
    }

    @Test func namesThatDifferOnlyInHowUnicodeComposesThemAreChanged() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("path,caf\u{E9},cafe\u{301}\na.png,one,two\n".utf8), to: "a.csv")
        let source = try TableSource(path: "\(folder.path)/a.csv")
        #expect(source.columns.map { Array($0.name.utf8) } == ["caf\u{E9}", "cafe\u{301}_2"].map { Array($0.utf8) })
        #expect(try await source.images()[0].values == [.text("one"), .text("two")])
        let named = try TableSource(path: "\(folder.path)/a.csv", options: .init(carriedColumns: ["cafe\u{301}"]))
        #expect(try await named.images()[0].values == [.text("two")])
    }

    @Test func pathsThatAreBytesAreCarriedLikeOthers() async throws {
        let source = try TableSource(path: Fixture.path("unusual-ids.parquet"), options: .init(idColumn: "unsigned"))
        #expect(source.columns.first == SourceColumn("path", .text))
        #expect(try await source.images().map { $0.values[0] } == [.text("a.png"), .text("sub/b.png")])
        #expect(source.notes.count == 1)
    }

    @Test func bytesAreCarriedAsTextOnRequest() async throws {
        let options = TableSource.Options(imageColumn: "path", carriedColumns: ["bytes"])
        let source = try TableSource(path: Fixture.path("all-ids.parquet"), options: options)
        #expect(source.columns == [SourceColumn("bytes", .text)])
        let images = try await source.images()
        #expect(images.map(\.values) == [[.text("k1")], [.missing], [.text("grün")]])
        #expect(await images[1].failure()?.message == "Row 2 of all-ids.parquet is not UTF-8 in the column 'bytes'.")
    }
}
