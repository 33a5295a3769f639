import CLIPCore
import CLIPTesting
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
        #expect(try await ids(FolderSource(folder.path)) == ["Z.jpeg", "a/10.webp", "a/2.PNG", "b.jpg", "c.gif"])
        #expect(try await ids(FolderSource(folder.path + "/")) == ["Z.jpeg", "a/10.webp", "a/2.PNG", "b.jpg", "c.gif"])
    }

    @Test func allFilesAreOfferedOnRequest() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "no-extension")
        #expect(try await ids(FolderSource(folder.path)).isEmpty)
        #expect(try await ids(FolderSource(folder.path, includesAllFiles: true)) == ["no-extension"])
    }

    @Test func linksAreFollowedAndLoopsAreNot() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "real/a.jpg")
        #expect(symlink("real", folder.path + "/link") == 0)
        #expect(symlink("..", folder.path + "/real/up") == 0)
        #expect(try await ids(FolderSource(folder.path)) == ["link/a.jpg", "real/a.jpg"])
    }

    @Test func foldersThatLinkToEachOtherAreWalkedOnce() async throws {
        let folder = try TemporaryFolder()
        for one in 0..<9 {
            try folder.write([1], to: "\(one)/a.jpg")
            for other in 0..<9 where other != one {
                #expect(symlink("../\(other)", "\(folder.path)/\(one)/to-\(other)") == 0)
            }
        }
        #expect(try await FolderSource(folder.path).count() < 100)
    }

    @Test func aNameThatIsNotUTF8IsReadAndGetsAReadableID() async throws {
        let folder = try TemporaryFolder()
        let name: [UInt8] = Array("x-".utf8) + [0xFF] + Array("é.jpg".utf8)
        try folder.write([7], toBytesOfName: name)
        var iterator = try FolderSource(folder.path).makeIterator()
        let image = try #require(try await iterator.next())
        #expect(image.id == #"x-\xffé.jpg"#)
        #expect(try await image.bytes() == [7])
    }

    @Test func aMissingFolderIsAnError() {
        let error = #expect(throws: CLIPError.self) { try FolderSource("/nowhere/at/all").makeIterator() }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("/nowhere/at/all") == true)
    }

    @Test func aListSkipsEmptyLinesAndKeepsPathsAsIDs() async throws {
        let folder = try TemporaryFolder()
        try folder.write([0xEF, 0xBB, 0xBF] + Array("a b.jpg\n\n/c.png\r\n".utf8), to: "list.txt")
        #expect(try await ids(ListSource(contentsOf: folder.path + "/list.txt")) == ["a b.jpg", "/c.png"])
    }

    @Test func anImageGivenAsAListIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write([0xFF, 0xD8, 0xFF, 0x00], to: "photo.jpg")
        let error = #expect(throws: CLIPError.self) { try ListSource(contentsOf: folder.path + "/photo.jpg") }
        #expect(error?.code == .unsupportedFormat)
    }

    @Test func sourcesFollowEachOther() async throws {
        let source = CombinedSource([ListSource(["a", "b"]), ListSource([]), ListSource(["c"])])
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

    private func ids(_ source: some ImageSource) async throws -> [String] {
        var iterator = try source.makeIterator()
        var ids = [String]()
        while let image = try await iterator.next() {
            ids.append(image.id)
        }
        return ids
    }
}
