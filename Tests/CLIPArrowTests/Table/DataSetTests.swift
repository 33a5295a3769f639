import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Data sets as Hugging Face's library writes them; the fixtures are made by `Tools/fixtures/make_table_fixtures.py`.
@Suite struct DataSetTests {
    private func source(_ name: String, _ options: TableSource.Options = .init()) throws -> TableSource {
        try TableSource(path: Fixture.path(name), options: options)
    }

    /// The number that an image was made with.
    private func number(_ image: ImageReference) async throws -> UInt8? { try await image.bytes().last }

    @Test func anIDIsTheFileAndThePathOrTheRowIfThePathRepeats() async throws {
        let source = try source("hf-without-id.parquet")
        #expect(source.columns == [SourceColumn("image.path", .text), SourceColumn("label", .integer)])
        #expect(source.notes.isEmpty)
        for _ in 0..<2 {
            let images = try await source.images()
            let file = "CLIPArrowTests/Fixtures/hf-without-id.parquet"
            #expect(images.map(\.id) == ["\(file)#1", "\(file)#2", "\(file)/dog.png", "\(file)#4"])
            #expect(images.map { $0.values[1] } == (0..<4).map { .integer($0) })
            #expect(images.map { $0.values[0] } == [.text("cat.png"), .missing, .text("dog.png"), .text("cat.png")])
            for (position, image) in images.enumerated() { #expect(try await number(image) == UInt8(position)) }
        }
    }

    @Test func thePathsMayBeTheIDsOnRequest() async throws {
        let images = try await source("hf-without-id.parquet", .init(idColumn: "image.path")).images()
        #expect(images.map(\.id) == ["cat.png", "row 2 of hf-without-id.parquet", "dog.png", "cat.png"])
    }

    @Test func theOnlyColumnWithImagesIsTakenAndNamed() async throws {
        let source = try source("hf-img.parquet")
        #expect(source.imageColumn == "img")
        #expect(source.notes == ["\(Fixture.path("hf-img.parquet")): the images are in the column 'img'."])
        #expect(try await source.images().map(\.id) == ["CLIPArrowTests/Fixtures/hf-img.parquet#1"])
        let error = #expect(throws: CLIPError.self) { try self.source("hf-two-images.parquet") }
        #expect(error?.message.contains("the columns 'left' and 'right' hold images. Name the one to read") == true)
        #expect(try self.source("hf-two-images.parquet", .init(imageColumn: "right")).notes.count == 1)
    }

    @Test func imagesGoBeforeAddressesOfImages() async throws {
        let source = try source("hf-with-url.parquet")
        #expect(source.imageColumn == "photo")
        #expect(try await source.images().map(\.id) == ["CLIPArrowTests/Fixtures/hf-with-url.parquet/a.png"])
        #expect(
            source.notes.last == "\(Fixture.path("hf-with-url.parquet")): columns left out: mask (bytes)."
        )
    }

    @Test func soundsInTheFormOfImagesAreNotTakenForImages() async throws {
        let paths = try source("hf-audio.parquet")
        #expect(paths.imageColumn == "image_path")
        #expect(try await paths.images().map(\.id) == ["a.png"])
        let images = try source("hf-audio-and-image.parquet")
        #expect(images.imageColumn == "frame")
        #expect(try await number(images.images()[0]) == 0)
    }

    /// Otherwise its images would be missing without a word, and a run that prunes would delete their vectors.
    @Test(arguments: ["pets/data/*.parquet", "pets/**/*.parquet", "pets/data", "pets", "pets/*/train-*.parquet"])
    func aShardThatIsABrokenLinkIsAnError(pattern: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(try FileBytes.read(Fixture.path("hf-img.parquet")), to: "pets/data/train-0.parquet")
        #expect(symlink("/nowhere/blob", "\(folder.path)/pets/data/train-1.parquet") == 0)
        let error = #expect(throws: CLIPError.self) { try TableSource(path: "\(folder.path)/\(pattern)") }
        #expect(error?.message.contains("train-1.parquet") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("Restore it, remove it, or") == true)
        #expect(try TableSource.files(named: "\(folder.path)/pets", include: [], exclude: ["train-1*"])?.count == 1)
        // A link that no pattern reaches does not matter.
        #expect(
            try TableSource.files(named: "\(folder.path)/pets/data/*0.parquet", include: [], exclude: [])?.count == 1
        )
    }

    /// Such a folder reports the link as a failed image.
    @Test func aBrokenLinkInAFolderOfImagesIsNoError() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "photos/b.jpg")
        try folder.write(try FileBytes.read(Fixture.path("hf-img.parquet")), to: "photos/c.parquet")
        #expect(symlink("/nowhere", "\(folder.path)/photos/a.jpg") == 0)
        #expect(try TableSource.files(named: "\(folder.path)/photos", include: [], exclude: []) == nil)
    }

    @Test func columnsOfShardsThatDifferInKindAreNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write(try FileBytes.read(Fixture.path("hf-without-id.parquet")), to: "b.parquet")
        try folder.write(Array("path,label\na.png,x\n".utf8), to: "c.csv")
        let source = try TableSource(
            files: ["b.parquet", "c.csv"].map { "\(folder.path)/\($0)" },
            path: "b, c",
            options: .init(),
            locations: .init()
        )
        #expect(source.columns.contains(SourceColumn("label", .text)))
        #expect(source.notes == ["b, c: Columns whose values differ in kind are stored 'label' as texts."])
    }

    @Test func anImageWithoutBytesIsReadFromItsPath() async throws {
        let folder = try TemporaryFolder()
        try folder.write([7], to: "x/y/a.png")
        try folder.write(try FileBytes.read(Fixture.path("hf-path-only.parquet")), to: "x/y/set.parquet")
        let images = try await TableSource(path: folder.path + "/x/y/set.parquet").images()
        #expect(images.map(\.id) == ["x/y/set.parquet/a.png", "x/y/set.parquet#2"])
        #expect(try await images[0].bytes() == [7])
        #expect(await images[1].failure()?.message == "Row 2 of set.parquet has no value in the column 'image'.")
    }

    /// Such a column has no buffers, so that nothing of it may be read.
    @Test func aColumnOfNullsIsNotRead() async throws {
        let images = try await source("null-column.parquet").images()
        #expect(images.map(\.id) == ["CLIPArrowTests/Fixtures/null-column.parquet/2.png"])
    }

    @Test(arguments: ["hf", "hf/data", "hf/data/*.parquet", "hf/**/*.parquet"])
    func aFolderOfShardsIsOneSource(path: String) async throws {
        let source = try source(path)
        // One shard has integers, one has floats, and one has no labels.
        #expect(source.columns == [SourceColumn("image.path", .text), SourceColumn("label", .number)])
        #expect(try await source.count() == 6)
        let images = try await source.images()
        let (test, first, second) = (
            "hf/data/test-00000-of-00001.parquet", "hf/data/train-00000-of-00002.parquet",
            "hf/data/train-00001-of-00002.parquet"
        )
        let ids = ["\(test)/2.png", "\(first)/1.png", "\(first)/2.png", "\(second)/1.png", "\(second)/3.png"]
        #expect(images.map(\.id) == ids + ["\(second)#3"])
        #expect(
            images.map { $0.values[1] } == [.missing, .number(0), .number(1), .number(0.5), .missing, .number(1)]
        )
    }

    /// Otherwise an image would replace one of another shard in the store, or be embedded twice.
    @Test func shardsHaveTheSameIDsWithWhateverShardsTheyAreRead() async throws {
        let (one, two, other) = ("train-00000-of-00002", "train-00001-of-00002", "test-00000-of-00001")
        let files = try [one, two, other].map { try FileBytes.read(Fixture.path("hf/data/\($0).parquet")) }
        let folder = try TemporaryFolder()
        func ids(_ name: String) async throws -> Set<String> {
            let ids = try await TableSource(path: "\(folder.path)/\(name)").images().map(\.id)
            #expect(Set(ids).count == ids.count)
            return Set(ids)
        }
        try folder.write(files[0], to: "pets/data/\(one).parquet")
        let first = try await ids("pets")
        try folder.write(files[1], to: "pets/data/\(two).parquet")
        let both = try await ids("pets/data/train-*.parquet")
        try folder.write(files[2], to: "pets/data/\(other).parquet")
        try folder.write(files[0], to: "pets/more/\(one).parquet")
        let second = try await ids("pets/data/\(two).parquet")
        let more = try await ids("pets/more/\(one).parquet")
        #expect(both == first.union(second) && first.count == 2 && second.count == 3)
        #expect(try await ids("pets") == both.union(more).union(["pets/data/\(other).parquet/2.png"]))
        #expect(more == first.map { $0.replacing("pets/data", with: "pets/more") }.reduce(into: []) { $0.insert($1) })
    }

    @Test func theTwoFoldersAboveAFileBelongToItsIDs() async throws {
        let folder = try TemporaryFolder()
        let bytes = try FileBytes.read(Fixture.path("hf-img.parquet"))
        for name in ["set/en/train/0000.parquet", "set/en/test/0000.parquet", "set/fr/train/0000.parquet"] {
            try folder.write(bytes, to: name)
        }
        let ids = try await TableSource(path: folder.path).images().map(\.id)
        #expect(ids == ["en/test/0000.parquet#1", "en/train/0000.parquet#1", "fr/train/0000.parquet#1"])
        let link = "\(folder.path)/link"
        try #require(symlink("set/en/train", link) == 0)
        #expect(try await TableSource(path: "\(link)/0000.parquet").images().map(\.id) == ["en/train/0000.parquet#1"])
    }

    @Test func aRevisionInHuggingFacesCacheDoesNotChangeIDs() async throws {
        let folder = try TemporaryFolder()
        let bytes = try FileBytes.read(Fixture.path("hf-img.parquet"))
        for revision in ["77f3279092a1c1579b2250db8eafed0ad422088c", "0123456789abcdef0123456789abcdef01234567"] {
            let name = "datasets--ann--pets/snapshots/\(revision)/data/train-00000-of-00001.parquet"
            try folder.write(bytes, to: name)
            let ids = try await TableSource(path: "\(folder.path)/\(name)").images().map(\.id)
            #expect(ids == ["datasets--ann--pets/data/train-00000-of-00001.parquet#1"])
        }
    }

    @Test func filesWhoseImagesWouldHaveTheSameIDsAreRefused() throws {
        let folder = try TemporaryFolder()
        let bytes = try FileBytes.read(Fixture.path("hf-img.parquet"))
        for name in ["one/en/train/0000.parquet", "two/en/train/0000.parquet"] { try folder.write(bytes, to: name) }
        let error = #expect(throws: CLIPError.self) { try TableSource(path: folder.path) }
        #expect(error?.message.contains("would have the same ids, like 'en/train/0000.parquet#1'") == true)
        #expect(try TableSource(path: folder.path, options: .init(idColumn: "fine_label")).idColumn == "fine_label")
    }

    @Test(arguments: ["a.jpg", "00000.tar", "deep/photo.PNG"])
    func aFolderWithImagesOrArchivesIsNoTable(other: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(try FileBytes.read(Fixture.path("hf-img.parquet")), to: "0.parquet")
        try folder.write([1], to: other)
        #expect(try TableSource.files(named: folder.path, include: [], exclude: []) == nil)
        #expect(throws: CLIPError.self) { try TableSource(path: folder.path) }
        let kept = try TableSource.files(named: folder.path, include: ["*.parquet"], exclude: [])
        #expect(kept == ["\(folder.path)/0.parquet"])
    }

    @Test func aPatternThatMatchesNothingIsAnError() {
        let error = #expect(throws: CLIPError.self) { try source("hf/data/valid-*.parquet") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("valid-*.parquet'") == true)
    }

    @Test func listsOfImagesAreSeveralImages() async throws {
        let source = try source("image-lists.parquet", .init(imageColumn: "images"))
        #expect(source.columns.map(\.name) == ["images.path", "urls", "label"])
        #expect(try await source.count() == 7)
        let images = try await source.images()
        #expect(images.map(\.id) == ["x#1", "x#2", "y#1", "z#1", "w#1", "w#2", "w#3"])
        #expect(images.map { $0.values[2] } == [0, 0, 1, 2, 3, 3, 3].map { .integer($0) })
        #expect(images[1].values[0] == .text("two.png") && images[6].values[0] == .missing)
        #expect(images[0].values[1] == .text(#"["a.png", "b.png"]"#))
        #expect(try await number(images[1]) == 2)
        #expect(try await number(images[6]) == 4)
        let reason = "Image 2 of row 4 of image-lists.parquet has no value in the column 'images'."
        #expect(await images[5].failure()?.message == reason)
        for empty in [2, 3] { #expect(await images[empty].failure()?.code == .corruptData) }
    }

    @Test func listsOfBytesAndPathsAreSeveralImagesToo() async throws {
        let crops = try await source("image-lists.parquet", .init(imageColumn: "crops", carriedColumns: [])).images()
        #expect(crops.map(\.id) == ["x#1", "y#1", "z#1", "w#1", "w#2"])
        #expect(try await number(crops[4]) == 7)
        let urls = try source("image-lists.parquet", .init(imageColumn: "urls", carriedColumns: ["urls"]))
        #expect(try await urls.count() == 6)
        let paths = try await urls.images()
        #expect(paths.map(\.id) == ["x#1", "x#2", "y#1", "z#1", "w#1", "w#2"])
        #expect(paths.map { $0.values[0] }.prefix(2) == [.text("a.png"), .text("b.png")])
        #expect(await paths[1].failure()?.message.contains("/b.png") == true)
    }
}
