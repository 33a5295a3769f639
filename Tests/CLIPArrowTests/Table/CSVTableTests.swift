import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct CSVTableTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func table(
        _ text: String,
        name: String = "photos.csv",
        options: TableSource.Options = .init(),
        locations: ImageLocations = ImageLocations()
    ) throws -> TableSource {
        try folder.write(Array(text.utf8), to: name)
        return try TableSource(path: "\(folder.path)/\(name)", options: options, locations: locations)
    }

    @Test func aRelativePathStartsAtTheTablesFolderAndIsTheID() async throws {
        try folder.write([1, 2], to: "a.png")
        try folder.write([3], to: "sub/b.png")
        let source = try table("path\na.png\nsub/b.png\n\(folder.path)/a.png\n")
        #expect(source.imageColumn == "path")
        #expect(source.idColumn == nil)
        #expect(source.columns.isEmpty)
        let images = try await source.images()
        #expect(images.map(\.id) == ["a.png", "sub/b.png", "\(folder.path)/a.png"])
        #expect(try await images[0].bytes() == [1, 2])
        #expect(try await images[1].bytes() == [3])
        #expect(try await images[2].bytes() == [1, 2])
        let listed = try await ListSource(paths: ["\(folder.path)/a.png"]).images()
        #expect(images[0].version == listed[0].version)
        #expect(images[0].version != nil)
    }

    @Test func allColumnsAreCarriedAsTextAndNothingIsGuessed() async throws {
        let source = try table("id,path,code,flag,note\n007,a.png,007,true,\n8,b.png,1e3,NA,\"\"\n")
        #expect(source.idColumn == "id")
        #expect(source.columns == ["path", "code", "flag", "note"].map { SourceColumn($0, .text) })
        let images = try await source.images()
        #expect(images.map(\.id) == ["007", "8"])
        #expect(images[0].values == [.text("a.png"), .text("007"), .text("true"), .missing])
        #expect(images[1].values == [.text("b.png"), .text("1e3"), .text("NA"), .missing])
    }

    @Test(arguments: [
        "\u{FEFF}path,note\na.png,x\n", "path,note\r\na.png,x\r\n", "path,note\n\na.png,x",
        "\"path\",\"note\"\n\"a.png\",x\n",
    ])
    func aByteOrderMarkQuotesEmptyLinesAndLineEndsDoNotMatter(text: String) async throws {
        let images = try await table(text).images()
        #expect(images.map(\.id) == ["a.png"])
        #expect(images[0].values == [.text("x")])
    }

    @Test func aQuotedValueMayHoldDelimitersQuotesAndNewlines() async throws {
        let images = try await table("path,note\n\"a,b.png\",\"say \"\"x\"\"\ny\"\nc.png,5\" lens\n").images()
        #expect(images.map(\.id) == ["a,b.png", "c.png"])
        #expect(images.map(\.values) == [[.text("say \"x\"\ny")], [.text("5\" lens")]])
    }

    @Test(arguments: [("photos.tsv", nil, "\t"), ("photos.csv", ";", ";"), ("photos.txt", "|", "|")])
    func theDelimiterComesFromTheNameOrTheOptions(name: String, option: Character?, delimiter: String) async throws {
        let text = "path\(delimiter)note\na,.png\(delimiter)x\n"
        let images = try await table(text, name: name, options: .init(delimiter: option)).images()
        #expect(images.map(\.id) == ["a,.png"])
    }

    @Test func aMissingFileFailuresItsRowOnly() async throws {
        try folder.write([1], to: "b.png")
        let images = try await table("path\nnone.png\nb.png\n").images()
        #expect(await images[0].failure()?.code == .notFound)
        #expect(try await images[1].bytes() == [1])
    }

    @Test func aRowWithoutPathOrIDIsAnImageThatCannotBeRead() async throws {
        let images = try await table("id,path\n1,\n,a.png\n3,a.png\n").images()
        #expect(images.map(\.id) == ["1", "row 2 of photos.csv", "3"])
        #expect(await images[0].failure()?.message == "Row 1 of photos.csv has no value in the column 'path'.")
        #expect(await images[1].failure()?.message == "Row 2 of photos.csv has no value in the column 'id'.")
        let unnamed = try await table("path,note\n,x\n").images()
        #expect(unnamed.map(\.id) == ["row 1 of photos.csv"])
    }

    @Test(arguments: ["url\nURI\n", "url,id\na.png,URI\n"])
    func aURIWithCredentialsBecomesNoID(text: String) async throws {
        let uri = "https://user:hidden@example.org/a.jpg"
        let images = try await table(text.replacing("URI", with: uri)).images()
        #expect(images.map(\.id) == ["row 1 of photos.csv"])
        let error = await images[0].failure()
        #expect(error?.code == .unreadable && error?.message.contains("hidden") == false)
    }

    @Test(arguments: [("id", "7"), ("page", "https://example.org/page")])
    func noSignatureOfAURLGetsIntoTheStore(idColumn: String, id: String) async throws {
        let url = "https://example.org/a.jpg"
        let signature = "?X-Amz-Signature=hidden"
        let source = try table(
            "id,page,url\n7,https://example.org/page\(signature),\(url)\(signature)\n",
            options: .init(idColumn: idColumn, carriedColumns: ["url"]),
            locations: ImageLocations(readers: [EchoReader()])
        )
        let image = try #require(try await source.images().first)
        #expect(image.id == id && image.values == [.text(url)])
        #expect(try await image.bytes() == Array((url + signature).utf8))
    }

    @Test func aTableMayHaveManyColumns() async throws {
        let names = (0..<10_000).map { "column\($0)" }
        let source = try table("path,\(names.joined(separator: ","))\na.png,\(names.joined(separator: ","))\n")
        let image = try #require(try await source.images().first)
        #expect(image.values == names.map { .text($0) })
    }

    @Test func aPathWithANULDoesNotLeadToAnotherFile() async throws {
        try folder.write([1], to: "a.png")
        let images = try await table("path\na.png\0.jpg\n").images()
        #expect(await images[0].failure()?.message.contains("has a zero byte") == true)
    }

    @Test func repeatedIDsAreOfferedAsTheyAre() async throws {
        #expect(try await table("path\na.png\na.png\n").images().map(\.id) == ["a.png", "a.png"])
    }

    @Test func aURIIsReadByItsReader() async throws {
        let locations = ImageLocations(readers: [EchoReader()])
        let source = try table("url,note\necho://host/a.png,x\nother://b,y\n", locations: locations)
        let images = try await source.images()
        #expect(try await images[0].bytes() == Array("echo://host/a.png".utf8))
        #expect(await images[1].failure()?.code == .unsupportedFormat)
    }

    @Test func aLargeTableIsStreamedWithItsRowsInOrder() async throws {
        let count = 100_000
        let rows = (0..<count).map {
            "\($0),folder/photo-\($0).png,a caption that makes the row longer than one block\n"
        }
        let source = try table("id,url,caption\n" + rows.joined(), options: .init(carriedColumns: []))
        #expect(try await source.count() == count)
        var iterator = try source.makeIterator()
        var expected = 0
        while let image = try await iterator.next() {
            guard image.id == String(expected) else { break }
            expected += 1
        }
        #expect(expected == count)
    }

    @Test(arguments: ["path\n", "path,note\n"])
    func aTableWithoutRowsHasNoImages(text: String) async throws {
        let source = try table(text)
        #expect(try await source.count() == 0)
        #expect(try await source.images().isEmpty)
    }

    @Test(arguments: [
        ("", "it is empty, and has no header"),
        (
            "photos/a.jpg\nphotos/b.jpg\n",
            "seems to have no header: its first line names the image 'photos/a.jpg'. Write a line"
        ),
        ("photos/a.PNG\n", "seems to have no header: its first line names the image 'photos/a.PNG'."),
        ("1,https://example.org/a.jpg?w=1\n2,https://example.org/b.jpg?w=1\n", "seems to have no header"),
        ("1,a.jpg\n2,b.jpg\n", "Write a line with the columns' names, such as 'path', before it. If"),
        ("a.png,b.png\nc.png,d.png\n", "seems to have no header: its first line names the image 'a.png'."),
        ("name,size\nanna,1\n", "no column with texts or bytes is named path, file"),
        ("name,size\nanna,1\n", "and none holds images. Name the one with the images (--image-column)"),
        ("name,size\nanna,1\n", "its columns are name, size."),
        ("front,back\na.png,b.png\n", "the columns 'front' and 'back' hold images. Name the one to read"),
        ("path,Path\na,b\n", "'path' and 'Path' are ambiguous"),
    ])
    func columnsThatDoNotFitAreRefused(text: String, reason: String) throws {
        let error = #expect(throws: CLIPError.self) { try table(text) }
        #expect(error?.message.contains("photos.csv") == true)
        #expect(error?.message.contains(reason) == true)
    }

    @Test(arguments: ["a.JPG", "https://example.org/a.png?x=1", "folder/a.webp"])
    func theOnlyColumnThatNamesImagesIsTaken(value: String) async throws {
        let source = try table("name,photo,size\nanna,,1\nbert,\(value),2\n")
        #expect(source.imageColumn == "photo")
        #expect(source.notes == ["\(folder.path)/photos.csv: the images are in the column 'photo'."])
        #expect(try await source.images().map(\.id) == ["row 1 of photos.csv", value])
    }

    @Test(arguments: [
        TableSource.Options(imageColumn: "none"), TableSource.Options(idColumn: "none"),
        TableSource.Options(carriedColumns: ["none"]),
    ])
    func aColumnThatIsNotThereIsNamedWithThoseThatAre(options: TableSource.Options) throws {
        let error = #expect(throws: CLIPError.self) { try table("path,note\nx,1\n", options: options) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("there is no column 'none'; its columns are path, note.") == true)
    }

    @Test func columnsAreChosenByTheOptions() async throws {
        let options = TableSource.Options(imageColumn: "where", idColumn: "path", carriedColumns: ["c", "a"])
        let source = try table("a,b,c,where,path\n1,2,3,x.png,p\n", options: options)
        let images = try await source.images()
        #expect(images.map(\.id) == ["p"])
        #expect(source.columns.map(\.name) == ["c", "a"])
        #expect(images[0].values == [.text("3"), .text("1")])
        #expect(await images[0].failure()?.message.contains("/x.png") == true)
    }

    @Test(arguments: [
        ("a.csv", true), ("a.TSV", true), ("a.parquet", true), ("magic.bin", true), ("a.txt", false),
        ("folder.csv", false),
        ("none", false),
    ])
    func tablesAreRecognisedByNameAndContent(name: String, isTable: Bool) throws {
        try folder.write(Array("PAR1...".utf8), to: "magic.bin")
        try folder.write(Array("path\n".utf8), to: "a.txt")
        try folder.write([1], to: "folder.csv/a.png")
        #expect(TableSource.isTable("\(folder.path)/\(name)") == isTable)
    }
}

/// Gives each URI as the bytes of its file.
private struct EchoReader: LocationReader {
    let schemes = ["echo", "https"]

    func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) {
        buffer = Array(location.utf8)
    }
}
