import CLIPArrow
import CLIPCore
import CLIPTesting
import CLIPTorch
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Stores exchanged with the tools of clip-retrieval.
@Suite(.serialized, .ownThreads) struct StoreExchangeTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.addPhoto("rgb-8.png", as: "b.png")
        try place.write("id,path,caption\n1,photos/a.jpg,one\n2,photos/b.png,\n", "table.csv")
        let embedded = try place.run("embed", place.path("table.csv"), "--output", place.path("store"))
        try #require(embedded.status == 0, "\(embedded.errors)")
    }

    private func exportStore() throws -> Tool.Result {
        try place.run("store", "export", place.path("store"), "--output", place.path("laion"))
    }

    private func importStore() throws -> Tool.Result {
        let options = ["--output", place.path("copy"), "--model", ModelLibrary.defaultName]
        return try Tool.run(["store", "import", place.path("laion")] + options, scratch: place.folder)
    }

    private func expect(_ result: Tool.Result, _ words: String...) {
        #expect(result.status == 3)
        for word in words {
            #expect(result.errors.contains(word), "\"\(word)\" is not in: \(result.errors)")
        }
    }

    private func block(_ name: String) throws -> EmbeddingBlock {
        var blocks = [EmbeddingBlock]()
        try ParquetStore(path: place.path(name), includesOrigins: true).forEachBlock(rows: 10) {
            blocks.append($0)
        }
        return try #require(blocks.first)
    }

    @Test func anExportedStoreIsImportedWithItsIDsAndColumns() throws {
        let exported = try exportStore()
        #expect(exported.status == 0 && exported.output.contains("2 images, dimension 384: \(place.path("laion"))"))
        let imported = try importStore()
        #expect(imported.status == 0 && imported.output.contains("2 images, dimension 384: \(place.path("copy"))"))
        let (old, new) = (try block("store"), try block("copy"))
        #expect(new.ids == ["1", "2"] && new.origins.map(\.values) == old.origins.map(\.values))
        // A value below 1 is rounded to 11 bits, by at most 2⁻¹² of it, and so is the length.
        #expect(zip(new.embeddings.values, old.embeddings.values).allSatisfy { abs($0 - $1) <= 0x1p-11 })
        #expect(try ParquetStore(path: place.path("copy")).isComplete)
    }

    @Test func anExportKeepsTheNamedColumns() throws {
        try place.write("id,path,image_path,caption\n1,photos/a.jpg,x,one\n", "more.csv")
        let embed = [place.path("more.csv"), "--output", place.path("more"), "--image-column", "path"]
        try #require(try Tool.run(["embed"] + embed, scratch: place.folder).status == 0)
        let export = ["store", "export", place.path("more"), "--output", place.path("laion")]
        expect(try Tool.run(export, scratch: place.folder), "--keep-columns 'path,caption'")
        expect(try Tool.run(export + ["--keep-columns", "title"], scratch: place.folder), "no column 'title'")
        let exported = try Tool.run(export + ["--keep-columns", "caption"], scratch: place.folder)
        #expect(exported.status == 0, "\(exported)")
        try #require(try importStore().status == 0)
        #expect(try ParquetStore(path: place.path("copy")).columns == [SourceColumn("caption", .text)])
    }

    @Test func vectorsAloneAreExportedWhateverColumnsThePartsHave() throws {
        for (store, table) in [("one", "id,path,note\n1,photos/a.jpg,x\n"), ("two", "id,path\n2,photos/a.jpg\n")] {
            try place.write(table, "\(store).csv")
            let embed = ["embed", place.path("\(store).csv"), "--output", place.path(store)]
            try #require(try Tool.run(embed, scratch: place.folder).status == 0)
        }
        try place.write(FileBytes.read(place.path("two/part-00000.parquet")), "one/part-00001.parquet")
        let export = ["store", "export", place.path("one"), "--output", place.path("laion")]
        expect(try Tool.run(export, scratch: place.folder), "have different columns")
        let exported = try Tool.run(export + ["--keep-columns", ""], scratch: place.folder)
        #expect(exported.status == 0 && exported.output.contains("2 images"), "\(exported)")
    }

    @Test func anImportedStoreDoesNotSayWhereItsImagesAre() throws {
        try #require(try exportStore().status == 0)
        try #require(try importStore().status == 0)
        expect(try place.run("store", "verify", place.path("copy")), place.path("copy"), "does not record where")
    }

    @Test func theImagesOfAnImportedStoreAreComparedWithTheOptionsGiven() throws {
        try #require(try exportStore().status == 0)
        try #require(try importStore().status == 0)
        let result = try place.run("store", "verify", place.path("copy"), place.path("table.csv"))
        #expect(result.status == 0 && result.output.contains("2 of 2 vectors match their images"), "\(result)")
    }

    @Test func nothingIsOverwrittenAndNoHalfFolderImported() throws {
        expect(try importStore(), place.path("laion"))
        try #require(try exportStore().status == 0)
        expect(try exportStore(), place.path("laion/img_emb"), "already holds files")
        try #require(try importStore().status == 0)
        expect(try importStore(), place.path("copy"), "is already a store")
        try #require(unlink(place.path("laion/metadata/metadata_0.parquet")) == 0)
        expect(try importStore(), place.path("laion/metadata"), "no file number 0")
        expect(try place.run("store", "export", place.path("gone"), "--output", place.path("x")), place.path("gone"))
    }

    @Test func anExportGoesIntoNoStore() throws {
        func names() -> [String] { place.folder.names(in: "store") + place.folder.names(in: "other") }
        try #require(try place.run("embed", place.path("table.csv"), "--output", place.path("other")).status == 0)
        let before = names()
        for target in ["store", "store/.", "store/new", "store/new/", "store/new/deep"] {
            let result = try place.run("store", "export", place.path("store"), "--output", place.path(target))
            #expect(result.status == 2)
            #expect(result.errors.contains("would write into '\(place.path("store"))', which is an input"))
        }
        let other = try place.run("store", "export", place.path("store"), "--output", place.path("other"))
        expect(other, place.path("other"), "holds a store of embeddings")
        #expect(names() == before)
    }

    @Test func anImportThatWasInterruptedIsNotGoneOnWith() async throws {
        let writer = try ParquetStoreWriter(path: place.path("copy"), provenance: Provenance(.stub(dimension: 4)))
        let vector = EmbeddingMatrix(dimension: 4, values: [1, 0, 0, 0])
        try await writer.append(EmbeddingBlock(ids: ["a"], embeddings: vector))
        try await writer.finish(.stopped)
        let info = try place.run("store", "info", place.path("copy"))
        #expect(info.output.contains("after an interrupted import, import into a new folder"), "\(info.output)")
    }
}
