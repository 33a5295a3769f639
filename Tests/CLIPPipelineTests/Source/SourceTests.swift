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

@Suite struct SourceTests {
    @Test func aFolderOffersItsImagesInByteOrderWithRelativeIDs() async throws {
        let folder = try TemporaryFolder()
        for name in ["b.jpg", "a/2.PNG", "a/10.webp", "Z.jpeg", "notes.txt", ".hidden.jpg", "a/._2.png", "c.gif"] {
            try folder.write([1], to: name)
        }
        #expect(try await ids(FolderSource(path: folder.path)) == ["Z.jpeg", "a/10.webp", "a/2.PNG", "b.jpg", "c.gif"])
        #expect(
            try await ids(FolderSource(path: folder.path + "/")) == [
                "Z.jpeg", "a/10.webp", "a/2.PNG", "b.jpg", "c.gif",
            ]
        )
    }

    @Test func ofAPhonesFolderOnlyTheImagesAreOffered() async throws {
        let folder = try TemporaryFolder()
        for name in [
            "100APPLE/IMG_0001.HEIC", "100APPLE/IMG_0001.MOV", "100APPLE/IMG_0001.AAE", "100APPLE/IMG_E0001.HEIC",
            "100APPLE/IMG_0002.JPG", "100APPLE/IMG_0003.PNG", "100APPLE/IMG_0004.MP4", "100APPLE/IMG_0005.DNG",
            "101APPLE/IMG_0006.heic", "101APPLE/.DS_Store", "101APPLE/._IMG_0006.heic", "101APPLE/Thumbs.db",
        ] { try folder.write([1], to: name) }
        #expect(
            try await ids(FolderSource(path: folder.path)) == [
                "100APPLE/IMG_0001.HEIC", "100APPLE/IMG_0002.JPG", "100APPLE/IMG_0003.PNG", "100APPLE/IMG_E0001.HEIC",
                "101APPLE/IMG_0006.heic",
            ]
        )
    }

    @Test func allFilesAreOfferedOnRequest() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "no-extension")
        #expect(try await ids(FolderSource(path: folder.path)).isEmpty)
        #expect(
            try await ids(FolderSource(path: folder.path, options: .init(includesAllFiles: true))) == ["no-extension"]
        )
    }

    @Test func linksAreFollowedAndLoopsAreNot() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "real/a.jpg")
        #expect(symlink("real", folder.path + "/link") == 0)
        #expect(symlink("..", folder.path + "/real/up") == 0)
        #expect(try await ids(FolderSource(path: folder.path)) == ["link/a.jpg", "real/a.jpg"])
    }

    /// Some file systems give no types.
    @Test func linksAndFoldersAreRecognisedWithoutATypeInTheListing() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "real/a.jpg")
        #expect(symlink("real", folder.path + "/link") == 0)
        let descriptor = open(folder.path, O_RDONLY)
        defer { close(descriptor) }
        let entries = ["link", "real", "real/a.jpg"].map {
            FolderListing.Entry(name: Array($0.utf8), type: Int32(DT_UNKNOWN), in: descriptor)
        }
        #expect(entries.map(\.isLink) == [true, false, false])
        #expect(entries.map(\.kind) == [.folder, .folder, .file])
    }

    @Test func aLinkThatCannotBeFollowedMayHideImages() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "b.jpg")
        for name in ["disk", "disk.jpg", "disk.txt", ".hidden", "cache", "cache.jpg"] {
            #expect(symlink("/nowhere/disk", "\(folder.path)/\(name)") == 0)
        }
        // A name that is too long, and a circle, are other errors than one that is not there.
        #expect(symlink(String(repeating: "x", count: 300), folder.path + "/link") == 0)
        #expect(symlink("loop", folder.path + "/loop") == 0)
        let source = FolderSource(
            path: folder.path,
            options: .init(exclude: ["cache/", "cache.jpg"])
        )
        let found = try await images(of: source)
        #expect(found.map(\.id) == ["b.jpg", "disk", "disk.jpg", "disk.txt", "link", "loop"])
        #expect(found.map(\.isUnknownPart) == [false, true, true, true, true, true])
        let error = await #expect(throws: CLIPError.self) { try await found[1].bytes() }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("\(folder.path)/disk: No such file") == true)
    }

    @Test func aLinkWhoseTargetGoesAwayIsNoImageThatIsGone() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "real/a.jpg")
        #expect(symlink("real/a.jpg", folder.path + "/link.jpg") == 0)
        let found = try await images(of: ListSource(paths: [folder.path + "/link.jpg", folder.path + "/missing.jpg"]))
        #expect(rename(folder.path + "/real", folder.path + "/other") == 0)
        let link = await #expect(throws: CLIPError.self) { try await found[0].bytes() }
        #expect(link?.code == .unreadable)
        let missing = await #expect(throws: CLIPError.self) { try await found[1].bytes() }
        #expect(missing?.code == .notFound)
    }

    @Test func aFileIsLookedAtWhenItsVersionIsAskedFor() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "a.jpg")
        let image = try #require(try await images(of: FolderSource(path: folder.path)).first)
        try folder.write([1, 2], to: "a.jpg")
        try folder.setTime(of: "a.jpg", 7)
        #expect(image.version == "2@7.0")
        // What is read may be another file than the one that was looked at.
        var bytes = [UInt8]()
        try folder.setTime(of: "a.jpg", 8)
        #expect(try await image.read(into: &bytes) == "2@8.0")
    }

    @Test func aFileThatIsWrittenWhileItIsReadIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "a.jpg")
        let file = try OpenFile(bytesOfPath: Array("\(folder.path)/a.jpg".utf8))
        try file.requireUnchanged()
        try folder.write([2], to: "a.jpg")
        try folder.setTime(of: "a.jpg", 7)
        let error = #expect(throws: CLIPError.self) { try file.requireUnchanged() }
        #expect(error?.code == .unreadable)
    }

    @Test func foldersThatLinkToEachOtherAreWalkedOnce() async throws {
        let folder = try TemporaryFolder()
        for one in 0..<9 {
            try folder.write([1], to: "\(one)/a.jpg")
            for other in 0..<9 where other != one {
                #expect(symlink("../\(other)", "\(folder.path)/\(one)/to-\(other)") == 0)
            }
        }
        #expect(try await #require(FolderSource(path: folder.path).count()) < 100)
    }

    @Test func aNameThatIsNotUTF8IsReadAndGetsAReadableID() async throws {
        let folder = try TemporaryFolder()
        let name: [UInt8] = Array("x-".utf8) + [0xFF] + Array("é.jpg".utf8)
        try folder.write([7], toBytesOfName: name)
        var iterator = try FolderSource(path: folder.path).makeIterator()
        let image = try #require(try await iterator.next())
        #expect(image.id == #"x-\xffé.jpg"#)
        #expect(try await image.bytes() == [7])
    }

    @Test func aLinkToAFileIsFollowed() async throws {
        let folder = try TemporaryFolder()
        try folder.write([7], to: "real/a.data")
        #expect(symlink("real/a.data", folder.path + "/link.jpg") == 0)
        let image = try #require(try await images(of: FolderSource(path: folder.path)).first)
        #expect(image.id == "link.jpg")
        #expect(try await image.bytes() == [7])
    }

    @Test func aSubfolderThatCannotBeReadIsAnImageThatCannotBeRead() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "gone/a.jpg")
        try folder.write([1], to: "stays/a.jpg")
        var iterator = try FolderSource(path: folder.path, options: .init(idPrefix: "photos/")).makeIterator()
        #expect(rename(folder.path + "/gone", folder.path + "/other") == 0)
        let gone = try #require(try await iterator.next())
        #expect(gone.id == "photos/gone")
        let error = await #expect(throws: CLIPError.self) { try await gone.bytes() }
        #expect(error?.message.contains("gone") == true)
        #expect(try await iterator.next()?.id == "photos/stays/a.jpg")
    }

    @Test func patternsChooseFilesAndLeaveOutFolders() async throws {
        let folder = try TemporaryFolder()
        for name in ["a.jpg", "b.raw", "train/c.raw", "train/d.jpg", "thumbs/e.raw", "train/thumbs/f.raw"] {
            try folder.write([1], to: name)
        }
        let raw = FolderSource(
            path: folder.path,
            options: .init(include: ["*.raw"], exclude: ["thumbs/"])
        )
        #expect(try await ids(raw) == ["b.raw", "train/c.raw"])
        // A pattern without an extension chooses among images.
        for (patterns, chosen) in [
            (["train/**"], ["train/d.jpg"]), (["*"], ["a.jpg", "train/d.jpg"]),
            (["train/*", "b.raw"], ["b.raw", "train/d.jpg"]), (["train/c.*"], []),
        ] {
            let some = FolderSource(path: folder.path, options: .init(include: patterns))
            #expect(try await ids(some) == chosen, "\(patterns)")
        }
        let all = FolderSource(path: folder.path, options: .init(includesAllFiles: true, include: ["train/*"]))
        #expect(try await ids(all) == ["train/c.raw", "train/d.jpg"])
        let withoutTrain = FolderSource(path: folder.path, options: .init(exclude: ["train/**"]))
        #expect(try await ids(withoutTrain) == ["a.jpg"])
    }

    @Test func anExcludedFolderIsNotRead() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "gone/a.jpg")
        var iterator = try FolderSource(path: folder.path, options: .init(exclude: ["gone"]))
            .makeIterator()
        #expect(rename(folder.path + "/gone", folder.path + "/other") == 0)
        let next = try await iterator.next()
        #expect(next?.id == nil)
    }

    @Test func aMissingFolderIsAnError() {
        let error = #expect(throws: CLIPError.self) { try FolderSource(path: "/nowhere/at/all").makeIterator() }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/nowhere/at/all") == true)
    }

    @Test func aPatternReachesEveryFileOrIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "shards/0.tar")
        try folder.write([1], to: "shards/more/1.tar")
        func files(_ pattern: String) throws -> [String] {
            try FolderSource.files(matching: "\(folder.path)/\(pattern)")
        }
        #expect(try files("shards/*.tar").count == 1)
        #expect(try files("**/*.tar").count == 2)
        #expect(try files("shards/**.tar").count == 2)
        #expect(symlink("/nowhere", "\(folder.path)/shards/notes") == 0)
        #expect(try files("shards/*.tar").count == 1)
        // It may lead to a folder with more archives.
        let folderError = #expect(throws: CLIPError.self) { try files("**/*.tar") }
        #expect(folderError?.message.contains("shards/notes") == true)
        #expect(symlink("/nowhere", "\(folder.path)/shards/2.tar") == 0)
        let fileError = #expect(throws: CLIPError.self) { try files("shards/*.tar") }
        #expect(fileError?.message.contains("shards/2.tar") == true)
        #expect(fileError?.message.contains("use a pattern that does not reach it") == true)
        #expect(try files("shards/0*.tar").count == 1)
    }

    @Test func columnsThatDifferInKindAreStoredAsTheKindThatHoldsBoth() async throws {
        struct Columns: ImageSource {
            struct Iterator: ImageIterator {
                var image: ImageReference?
                mutating func next() -> ImageReference? { image.take() }
            }
            let columns: [SourceColumn]
            let values: [ColumnValue]
            func makeIterator() -> any ImageIterator {
                Iterator(image: ImageReference(id: "\(values)", values: values) { _ in })
            }
            func count() -> Int? { 1 }
        }
        let source = CombinedSource([
            Columns(
                columns: [SourceColumn("price", .text), SourceColumn("size", .integer)],
                values: [.text("a"), .integer(1)]
            ),
            Columns(
                columns: [
                    SourceColumn("size", .number), SourceColumn("price", .integer), SourceColumn("flag", .boolean),
                ],
                values: [.number(0.5), .integer(7), .boolean(true)]
            ),
        ])
        #expect(
            source.columns == [
                SourceColumn("price", .text), SourceColumn("size", .number), SourceColumn("flag", .boolean),
            ]
        )
        var iterator = try source.makeIterator()
        #expect(try await iterator.next()?.values == [.text("a"), .number(1), .missing])
        #expect(try await iterator.next()?.values == [.text("7"), .number(0.5), .boolean(true)])
        #expect(source.notes == ["Columns whose values differ in kind are stored 'price' as texts, 'size' as floats."])
        #expect(CombinedSource([ListSource(paths: ["a"])]).notes.isEmpty)
    }

    @Test func sourcesFollowEachOther() async throws {
        let source = CombinedSource([
            ListSource(paths: ["a", "b"]), ListSource(paths: []), ListSource(paths: ["c"]),
        ])
        #expect(try await ids(source) == ["a", "b", "c"])
        #expect(try await source.count() == 3)
    }

    @Test func aFIFOAFolderAndALargeFileAreRefusedWithoutWaiting() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path + "/pipe.jpg", 0o600) == 0)
        let fifo = #expect(throws: CLIPError.self) { try FileBytes.read(folder.path + "/pipe.jpg") }
        #expect(fifo?.code == .unreadable)
        let directory = #expect(throws: CLIPError.self) { try FileBytes.read(folder.path) }
        #expect(directory?.message.contains("it is a folder") == true)
        try folder.write([UInt8](repeating: 1, count: 11), to: "large.jpg")
        let large = #expect(throws: CLIPError.self) {
            try FileBytes.read(folder.path + "/large.jpg", maximumBytes: 10)
        }
        #expect(large?.code == .limitExceeded)
        #expect(try FileBytes.read(folder.path + "/large.jpg", maximumBytes: 11).count == 11)
    }

    @Test func aFileLargerThanOneReadIsWhole() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try folder.write(bytes, to: "big")
        #expect(try FileBytes.read(folder.path + "/big") == bytes)
    }
}
