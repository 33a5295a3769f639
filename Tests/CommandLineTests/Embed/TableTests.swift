import CLIPArrow
import CLIPCore
import TestSupport
import Testing

/// Tables and lists as people have them, embedded by the tool.
@Suite(.serialized, .ownThreads) struct TableTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        for (name, file) in [("a.jpg", "rgb-420.jpg"), ("b.jpg", "gray.jpg"), ("c.jpg", "cmyk.jpg")] {
            try place.write(ImageFile.bytes(file), name)
        }
    }

    private func embed(_ name: String, _ options: String...) throws -> Tool.Result {
        try Tool.run(["embed", place.path(name), "--output", place.path("store")] + options, scratch: place.folder)
    }

    @Test func aSpreadsheetIsReadAsItIsAndAgain() throws {
        try place.write(Array("id;path;embedding;caf\u{E9}\n1;a.jpg;0.5;x\n2;b.jpg;0.25;y\n".utf8), "photos.csv")
        let first = try embed("photos.csv")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.errors.contains("photos.csv: the values are separated by ';'."))
        #expect(first.errors.contains("photos.csv: columns renamed: 'embedding' to 'embedding_2'."))
        #expect(try place.ids() == ["1", "2"])
        let again = try embed("photos.csv")
        #expect(again.output.contains("2 images: 0 embedded, 2 skipped (unchanged)"), "\(again.output)\(again.errors)")
        #expect(
            try ParquetStore(path: place.path("store")).columns.map(\.name) == ["path", "embedding_2", "caf\u{E9}"]
        )
    }

    @Test(arguments: ["*.jpg", "*.{png,JPG}"])
    func aPatternOfImagesLeadsToTheOptionForThem(pattern: String) throws {
        let result = try embed(pattern)
        #expect(result.status == 3)
        #expect(result.errors.contains("pass their folder and --include '\(pattern)'"), "\(result.errors)")
    }

    /// Their files are tables, too.
    @Test func aStoreInItsFolderOfTablesIsNotTakenForOneOfThem() throws {
        try place.write("id,path\n1,../a.jpg\n2,../b.jpg\n", "tabs/photos.csv")
        for result in ["2 embedded", "0 embedded, 2 skipped (unchanged)"] {
            let run = try place.run("embed", place.path("tabs"), "--output", place.path("tabs/store"))
            #expect(run.status == 0 && run.output.contains(result), "\(run.output)\(run.errors)")
        }
        let again = try place.run("embed", place.path("tabs/*/*.parquet"), "--output", place.path("other"))
        #expect(again.status == 3 && again.errors.contains("tabs/store/"), "\(again.errors)")
    }

    @Test(arguments: [
        (
            "short-row.csv", "id,path,note\n1,a.jpg,x\n2,b.jpg\n3,c.jpg,y\n",
            "has 2 values (line 3), and the header has 3"
        ),
        ("latin-1.csv", "id,path,note\n1,a.jpg,x\n2,b.jpg,caf\u{E9}\n3,c.jpg,y\n", "is not UTF-8 in the column 'note'"),
    ])
    func oneBadRowFailsAlone(name: String, text: String, reason: String) throws {
        try place.write(text.unicodeScalars.map { UInt8($0.value) }, name)
        let result = try embed(name)
        #expect(result.status == 1)
        #expect(result.output.contains("3 images: 2 embedded, 1 failed"))
        #expect(result.errors.contains("Row 2 of \(name) \(reason)."), "\(result.errors)")
        #expect(try place.ids() == ["1", "3"])
    }

    @Test func rowsOfSeveralLinesAreMentioned() throws {
        try place.write("id,path,note\n1,a.jpg,\"x\n2,b.jpg,y\n3,c.jpg,z\"\n", "photos.csv")
        let result = try embed("photos.csv")
        #expect(result.errors.contains("photos.csv has 2 more lines than rows"), "\(result.errors)")
        let plain = try embed("photos.csv", "--quoting", "none", "--allow-new-ids")
        #expect(try place.ids() == ["1", "2", "3"], "\(plain.errors)")
    }

    @Test func theDelimiterCanBeNamed() throws {
        try place.write("id;path;lat, lon\n1;a.jpg;2\n", "photos.csv")
        let unclear = try embed("photos.csv")
        #expect(unclear.status == 3 && unclear.errors.contains("(--delimiter)"), "\(unclear.errors)")
        #expect(try embed("photos.csv", "--delimiter", ";").status == 0)
        #expect(try embed("photos.csv", "--delimiter", ";;").status == 2)
    }

    @Test func tablesInAFolderOrOfAPatternAreOne() throws {
        for number in 0...1 {
            try place.write("id,path\n\(number),../\("ab".dropFirst(number).prefix(1)).jpg\n", "set/\(number).csv")
        }
        #expect(try embed("set").status == 0)
        #expect(try place.ids() == ["0", "1"])
        let pattern = try embed("set/*.csv")
        #expect(pattern.output.contains("2 images: 0 embedded, 2 skipped (unchanged)"), "\(pattern.errors)")
        let none = try embed("set/*.parquet")
        #expect(none.status == 3 && none.errors.contains("No tables (.parquet, .csv, .tsv) match"), "\(none.errors)")
    }

    @Test func tablesBesideImagesAreMentioned() throws {
        try place.write(ImageFile.bytes("rgb-420.jpg"), "set/preview.jpg")
        try place.write("PAR1", "set/data/train.parquet")
        let result = try embed("set")
        #expect(result.status == 0 && result.output.contains("1 image: 1 embedded"), "\(result.errors)")
        #expect(result.errors.contains("set: 1 table in the folder not read. To read them"), "\(result.errors)")
        #expect(result.errors.contains("such as \(place.path("set/data/train.parquet"))"), "\(result.errors)")
        for name in ["deep/a.tar", "b.ZIP", "c.csv", "a.json", "a.AAE", "a.MOV", ".d.csv"] {
            try place.write("", "set/\(name)")
        }
        let more = try embed("set")
        #expect(more.errors.contains("set: 2 tables and 2 archives in the folder not read."), "\(more.errors)")
        let chosen = try embed("set", "--exclude", "*.{tar,ZIP,csv,parquet}")
        #expect(!chosen.errors.contains("not read"), "\(chosen.errors)")
    }

    @Test func aCSVFileBesideParquetFilesIsMentioned() throws {
        try place.write(
            try FileBytes.read(RepositoryFile.path("Tests/CLIPArrowTests/Fixtures/hf-img.parquet")),
            "set/a.parquet"
        )
        try place.write("id,path\n1,../a.jpg\n", "set/b.csv")
        let result = try embed("set", "--allow-failures")
        #expect(result.errors.contains("set: 1 table in the folder not read."), "\(result.errors)")
    }

    @Test func whatIsNoImageSaysHowItIsRead() throws {
        try place.write("\(place.path("a.jpg"))\n\(place.path("b.jpg"))\n", "list.of.images")
        try place.write(Array("PAR1".utf8), "table.jpg")
        try place.write("\(place.path("table.jpg"))\n", "list")
        let argument = try embed("list.of.images")
        #expect(argument.status == 1 && argument.errors.contains("read with --files-from"), "\(argument.errors)")
        let list = try place.run("embed", "--files-from", place.path("list"), "--output", place.path("other"))
        #expect(list.status == 1 && list.errors.contains("It is a Parquet table"), "\(list.errors)")
    }
}
