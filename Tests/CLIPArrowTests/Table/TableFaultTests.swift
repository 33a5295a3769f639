import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One row that cannot be used is one image that cannot be read, and no other is lost.
@Suite struct TableFaultTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["a.png", "b.png", "c.png"] { try folder.write([1], to: name) }
    }

    private func images(
        _ bytes: [UInt8],
        name: String = "photos.csv",
        options: TableSource.Options = .init()
    ) async throws -> [ImageReference] {
        try folder.write(bytes, to: name)
        let source = try TableSource(path: "\(folder.path)/\(name)", options: options)
        let images = try await source.images()
        #expect(try await source.count() == images.count)
        return images
    }

    @Test func aNumberOfImagesThatCannotBeIsRefused() async throws {
        let source = try TableSource(path: Fixture.path("footers/items.parquet"))
        let error = await #expect(throws: CLIPError.self) { try await source.count() }
        #expect(error?.code == .corruptData && error?.message.contains("wrong counts") == true)
    }

    private static let noNewline = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)

    @Test(arguments: [
        ("2,b.png", "has 2 values (line 3), and the header has 3"),
        ("2,b.png,x,y", "has 4 values (line 3), and the header has 3"),
        ("2,b.png,\"x", "has a quoted value, in line 3, that does not end"),
        ("\"2\n2\",b.png,\"x", "has a quoted value, in line 4, that does not end"),
    ])
    func aRowThatCannotBeDividedFails(row: String, reason: String) async throws {
        let images = try await images(Array("id,path,note\n1,a.png,x\n\(row)\n3,c.png,y\n".utf8))
        #expect(images.map(\.id) == ["1", "row 2 of photos.csv", "3"])
        #expect(images.map(\.isUnknownPart) == [false, true, false])
        #expect(await images[1].failure()?.message == "Row 2 of photos.csv \(reason).")
        #expect(await images[0].failure() == nil)
        #expect(await images[2].failure() == nil)
    }

    @Test(arguments: [
        (Array("2,b.png,".utf8) + noNewline, "has more than 1048576 bytes"),
        (Array("2,b.png,\"".utf8) + noNewline, "has a quoted value, in line 3, that does not end"),
    ])
    func aRowThatIsTooLongFails(row: [UInt8], reason: String) async throws {
        let images = try await images(
            Array("id,path,note\n1,a.png,x\n".utf8) + row + Array("\n3,c.png,y\n".utf8)
        )
        #expect(images.map(\.id) == ["1", "row 2 of photos.csv", "3"])
        #expect(await images[1].failure()?.message == "Row 2 of photos.csv \(reason).")
    }

    @Test func aQuoteDoesNotTakeTheRowsUpToTheNextOne() async throws {
        let rows = "1,a.png,\"unclosed\n2,b.png,plain\n3,c.png,\"also\n"
        let images = try await images(Array("id,path,note\n\(rows)".utf8))
        #expect(images.map(\.id) == ["row 1 of photos.csv", "2", "row 3 of photos.csv"])
        let reason = "has a quoted value, in line 2, that ends in another line, before other text"
        #expect(await images[0].failure()?.message == "Row 1 of photos.csv \(reason).")
    }

    @Test(arguments: ["\n", "\r", "\r\n", "\"", "é"] as [Character])
    func aDelimiterIsOneASCIICharacterOfItsOwn(delimiter: Character) throws {
        try folder.write(Array("id\n".utf8), to: "photos.csv")
        var options = TableSource.Options()
        options.delimiter = delimiter
        let error = #expect(throws: CLIPError.self) {
            try TableSource(path: "\(folder.path)/photos.csv", options: options)
        }
        #expect(error?.code == .unsupportedFormat)
    }

    @Test func theEndOfTheFileEndsNoQuotedValue() async throws {
        let rows = (3..<100_000).map { "\($0),c.png,x\n" }.joined()
        let images = try await images(Array("id,path,note\n1,a.png,\"x\"\n2,b.png,\"open\n\(rows)".utf8))
        #expect(images.count == 99_999)
        #expect(images[1].id == "row 2 of photos.csv" && images[2].id == "3" && images.last?.id == "99999")
    }

    @Test(arguments: [
        ("2,b.png,caf\u{E9}", "2", "note"), ("2,b\u{E9}.png,x", "2", "path"),
        ("\u{E9},b.png,x", "row 2 of photos.csv", "id"),
    ])
    func aTextThatIsNotUTF8FailsItsRow(row: String, id: String, column: String) async throws {
        let latin1 = "id,path,note\n1,a.png,x\n\(row)\n3,c.png,y\n".unicodeScalars.map { UInt8($0.value) }
        let found = try await images(latin1)
        #expect(found.map(\.id) == ["1", id, "3"])
        let error = await found[1].failure()
        #expect(error?.code == .corruptData)
        #expect(error?.message == "Row 2 of photos.csv is not UTF-8 in the column '\(column)'.")
        // Who does not ask for the column does not meet the text.
        let chosen = try await images(latin1, options: .init(idColumn: "path", carriedColumns: []))
        #expect(await chosen[1].failure() == nil || column == "path")
    }

    @Test func quotesAreTextInATabSeparatedTable() async throws {
        let text =
            "id\tpath\tcaption\n1\ta.png\t\"unclosed\n2\tb.png\tplain\n3\tc.png\tend\"\n4\ta.png\t\"say \"\"x\"\"\"\n"
        let images = try await images(Array(text.utf8), name: "photos.tsv", options: .init(carriedColumns: ["caption"]))
        #expect(images.map(\.id) == ["1", "2", "3", "4"])
        #expect(images.map(\.values) == ["\"unclosed", "plain", "end\"", "say \"x\""].map { [.text($0)] })
    }

    @Test func aTabSeparatedTableWithQuotedTabsAndNewlinesIsReadWhenAskedTo() async throws {
        let text = "id\tpath\tcaption\n1\ta.png\t\"two\nlines\"\n2\tb.png\t\"a\ttab\"\n"
        let standard = TableSource.Options(carriedColumns: ["caption"], quoting: .standard)
        let images = try await images(Array(text.utf8), name: "photos.tsv", options: standard)
        #expect(images.map(\.values) == [[.text("two\nlines")], [.text("a\ttab")]])
        let failed = try await self.images(Array(text.utf8), name: "photos.tsv")
        #expect(failed.map(\.id) == ["1", "row 2 of photos.tsv", "row 3 of photos.tsv"])
        #expect(await failed[2].failure()?.message.contains("needs standard quoting") == true)
    }

    @Test func quotesAreTextWhereTheyAreSaidToBe() async throws {
        let images = try await images(
            Array("path,note\na.png,\"x\"\n".utf8),
            options: .init(quoting: TableQuoting.none)
        )
        #expect(images[0].values == [.text("\"x\"")])
    }

    @Test(arguments: [
        ("broken", "is not UTF-8 in the column 'broken'"),
        ("long", "has 1048577 bytes in the column 'long', more than the maximum of 1048576"),
    ])
    func aValueThatCannotBeCarriedFailuresItsRow(column: String, reason: String) async throws {
        try folder.write(try FileBytes.read(Fixture.path("bad-values.parquet")), to: "bad-values.parquet")
        let source = try TableSource(
            path: folder.path + "/bad-values.parquet",
            options: .init(carriedColumns: [column])
        )
        let images = try await source.images()
        #expect(images.map(\.id) == ["a.png", "b.png", "c.png"])
        #expect(images.map(\.version).map { $0 == FileVersion.unknown } == [false, true, false])
        #expect(images.map(\.values).map { $0 == [.missing] } == [false, true, false])
        let error = await images[1].failure()
        #expect(error?.code == .corruptData)
        #expect(error?.message == "Row 2 of bad-values.parquet \(reason).")
    }

    /// Perceptual hashes use all bits, and outlines of objects have any length; nobody asked for them.
    @Test func aValueThatIsNotNeededFailsNoImage() async throws {
        try folder.write(try FileBytes.read(Fixture.path("large-values.parquet")), to: "photos.parquet")
        let path = folder.path + "/photos.parquet"
        let source = try TableSource(path: path)
        #expect(source.columns.map(\.kind) == [.text, .text, .text])
        for _ in 0..<2 {
            let images = try await source.images()
            for image in images { #expect(await image.failure() == nil) }
            #expect(
                images.map { $0.values[0] } == ["1", "18446744073709551615", "9223372036854775808"].map { .text($0) }
            )
            #expect(images.map { $0.values[1] == .missing } == [false, true, false])
            #expect(images.map { $0.values[2] == .missing } == [false, false, true])
            #expect(
                source.notesAfterReading == [
                    "\(path): values of more than 1048576 bytes were left out of the store: column 'caption' of 1 image, "
                        + "column 'polygons' of 1 image. With --keep-columns, their images fail instead."
                ]
            )
        }
        let named = try TableSource(path: path, options: .init(carriedColumns: ["phash", "polygons"]))
        let images = try await named.images()
        #expect(await images[1].failure() == nil)
        #expect(await images[2].failure()?.message.contains("in the column 'polygons', more than the maximum") == true)
        #expect(named.notesAfterReading.isEmpty)
    }

    @Test(arguments: [
        ("huge", ["1", "9223372036854775808", "3"]), ("broken", ["x", nil, "z"]),
        ("kind", ["x", nil, "z"]), ("bytes", ["k1", nil, "k3"]), ("day", ["2024-02-29", nil, "2024-03-01"]),
    ])
    func anIDThatCannotBeReadFailuresItsRow(column: String, ids: [String?]) async throws {
        let options = TableSource.Options(idColumn: column, carriedColumns: [])
        let images = try await TableSource(path: Fixture.path("bad-values.parquet"), options: options).images()
        #expect(images.map(\.id) == ids.map { $0 ?? "row 2 of bad-values.parquet" })
        let message = await images[1].failure()?.message
        #expect(message?.hasPrefix("Row 2 of bad-values.parquet ") == (ids[1] == nil))
    }

    @Test(arguments: [
        ("unsigned", ["1", "18446744073709551615"]), ("bytes", ["k1", "grün"]), ("day", ["2024-02-29", "2024-03-01"]),
        ("price", ["1.50", "2.50"]), ("path", ["a.png", "sub/b.png"]), ("number", ["1", "2"]),
        ("flag", ["true", "false"]),
    ])
    func idsMayBeOfEveryTypeThatHasATextOfItsOwn(column: String, ids: [String]) async throws {
        try folder.write(try FileBytes.read(Fixture.path("unusual-ids.parquet")), to: "photos.parquet")
        try folder.write([2], to: "sub/b.png")
        let options = TableSource.Options(idColumn: column, carriedColumns: [])
        let images = try await TableSource(path: folder.path + "/photos.parquet", options: options).images()
        #expect(images.map(\.id) == ids)
        // Bytes in a column that is called path are a path.
        #expect(try await images[0].bytes() == [1])
        #expect(try await images[1].bytes() == [2])
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["photos.csv", "photos.parquet"])
    func aFIFOIsRefusedAndNotWaitedFor(name: String) throws {
        try #require(mkfifo("\(folder.path)/\(name)", 0o600) == 0)
        let error = #expect(throws: CLIPError.self) { try TableSource(path: "\(folder.path)/\(name)") }
        #expect(error?.code == .unreadable)
    }
}
