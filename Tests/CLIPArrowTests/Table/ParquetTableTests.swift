import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPTesting
import TestSupport
import Testing

/// The fixtures are made by `Tools/fixtures/make_table_fixtures.py`.
@Suite struct ParquetTableTests {
    @Test func eachTypeIsCarriedAsTextIntegerNumberOrBoolean() async throws {
        let expected: [(SourceColumn, ColumnValue)] = [
            (SourceColumn("path", .text), .text("a.png")),
            (SourceColumn("text", .text), .text("grün")),
            (SourceColumn("large_text", .text), .text("a,b\n\"c\"")),
            (SourceColumn("label", .text), .text("cat")),
            (SourceColumn("int8", .integer), .integer(-128)),
            (SourceColumn("uint32", .integer), .integer(4_294_967_295)),
            (SourceColumn("int64", .integer), .integer(.min)),
            (SourceColumn("uint64", .text), .text("9223372036854775807")),
            (SourceColumn("float", .number), .number(0.25)),
            (SourceColumn("double", .number), .number(0.1)),
            (SourceColumn("yes", .boolean), .boolean(true)),
            (SourceColumn("no", .boolean), .boolean(false)),
            (SourceColumn("date", .text), .text("2024-02-29")),
            (SourceColumn("time", .text), .text("12:30:15.000")),
            (SourceColumn("moment", .text), .text("2024-02-29 12:30:15.000")),
            (SourceColumn("moment_utc", .text), .text("2024-02-29 12:30:15.000Z")),
            (SourceColumn("price", .text), .text("1.50")),
            (SourceColumn("nothing", .text), .missing),
        ]
        let source = try TableSource(path: Fixture.path("types.parquet"))
        #expect(source.idColumn == "image_id")
        #expect(source.columns == expected.map(\.0))
        let images = try await source.images()
        #expect(images.map(\.id) == ["1", "2"])
        #expect(images[0].values == expected.map(\.1))
        #expect(images[1].values == [.text("b.png")] + [ColumnValue](repeating: .missing, count: expected.count - 1))
    }

    @Test(arguments: ["bytes", "large", "struct"])
    func imagesAreReadFromBytesInTheTable(column: String) async throws {
        let options = TableSource.Options(imageColumn: column, carriedColumns: ["row"])
        let source = try TableSource(path: Fixture.path("bytes.parquet"), options: options)
        #expect(try await source.count() == 200)
        let images = try await source.images()
        #expect(images.count == 200)
        for (row, image) in images.enumerated() {
            // Which image a row without an id stands for, nobody knows.
            #expect(image.isUnknownPart == (row == 3))
            #expect(image.values == (row == 3 ? [] : [.integer(Int64(row))]))
            // A row without an image or an id is read again each time, and failed, whatever is stored.
            if column != "struct" { #expect(image.version == (1...3 ~= row ? FileVersion.unknown : nil)) }
            guard row == 0 || row > 3 else { continue }
            #expect(image.id == "image-\(row)")
            #expect(try await image.bytes() == [UInt8](repeating: UInt8(row + 1), count: row + 1))
        }
        #expect(images[3].id == "row 4 of bytes.parquet")
        #expect(await images[3].failure()?.code == .corruptData)
        for row in [1, 2] where column == "struct" {
            // Its path may lead to it.
            #expect(await images[row].failure()?.message.contains("/\(row).png") == true)
        }
        for row in [1, 2] where column != "struct" {
            let reason = await images[row].failure()?.message
            #expect(reason == "Row \(row + 1) of bytes.parquet has no value in the column '\(column)'.")
        }
    }

    @Test func bytesAboveTheLimitFail() async throws {
        let source = try TableSource(
            path: Fixture.path("bytes.parquet"),
            options: TableSource.Options(imageColumn: "bytes", carriedColumns: []),
            locations: ImageLocations(maximumFileBytes: 199)
        )
        let images = try await source.images()
        #expect(await images[198].failure() == nil)
        #expect(await images[199].failure()?.code == .limitExceeded)
    }

    @Test func bytesAreReadIntoAReusedBuffer() async throws {
        let options = TableSource.Options(imageColumn: "bytes", carriedColumns: [])
        let images = try await TableSource(path: Fixture.path("bytes.parquet"), options: options).images()
        var buffer = [UInt8](repeating: 9, count: 300)
        try await images[0].read(into: &buffer)
        #expect(buffer == [1])
        #expect(buffer.capacity >= 300)
    }

    @Test(arguments: [
        (TableSource.Options(carriedColumns: ["masks"]), "'masks' holds lists of bytes and cannot be stored."),
        (TableSource.Options(imageColumn: "huge", carriedColumns: []), "not paths, URIs or bytes of images"),
        (TableSource.Options(idColumn: "tags", carriedColumns: []), "holds lists of texts, which cannot be ids"),
        (TableSource.Options(carriedColumns: ["huge", "huge"]), "a column to keep is listed twice"),
    ])
    func columnsThatDoNotFitAreRefused(options: TableSource.Options, reason: String) {
        let error = #expect(throws: CLIPError.self) {
            try TableSource(path: Fixture.path("refused.parquet"), options: options)
        }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains(reason) == true)
    }

    @Test func columnsThatCannotBeCarriedAreNoObstacle() async throws {
        let source = try TableSource(path: Fixture.path("refused.parquet"))
        #expect(source.columns.map(\.name) == ["tags", "box", "properties", "embedding_2", "huge"])
        #expect(try await source.images().map(\.id) == ["a.png"])
        let bytes = TableSource.Options(imageColumn: "thumbnail", carriedColumns: [])
        let images = try await TableSource(path: Fixture.path("refused.parquet"), options: bytes).images()
        #expect(images.map(\.id) == ["CLIPArrowTests/Fixtures/refused.parquet#1"])
    }

    @Test func aDamagedFileIsAnErrorThatNamesIt() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("PAR1 and no more".utf8), to: "photos.parquet")
        let error = #expect(throws: CLIPError.self) { try TableSource(path: folder.path + "/photos.parquet") }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("photos.parquet") == true)
    }

    @Test func aFolderAndTwoTablesGiveTheSameBytes() async throws {
        let folder = try TemporaryFolder()
        let bytes = try await TableSource(
            path: Fixture.path("bytes.parquet"),
            options: TableSource.Options(imageColumn: "bytes", carriedColumns: [])
        ).images()
        let kept = [0, 10, 150].map { bytes[$0] }
        for image in kept {
            try folder.write(try await image.bytes(), to: "\(image.id).png")
        }
        try folder.write(Array("path\n".utf8) + kept.flatMap { Array("\($0.id).png\n".utf8) }, to: "photos.csv")
        let walked = try await FolderSource(path: folder.path).images()
        let listed = try await TableSource(path: folder.path + "/photos.csv").images()
        #expect(walked.count == 3)
        for index in 0..<3 {
            #expect(walked[index].id == listed[index].id)
            #expect(walked[index].version == listed[index].version)
            #expect(try await walked[index].bytes() == kept[index].bytes())
            #expect(try await listed[index].bytes() == kept[index].bytes())
        }
    }
}
