import CLIPArchive
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

@Suite struct TarTests {
    private static let short = ["cats/0001", "cats/0002", "été"]
    private static let split = String(repeating: "d", count: 90) + "/" + String(repeating: "f", count: 90)
    private static let long = String(repeating: String(repeating: "l", count: 100) + "/", count: 3) + "long"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let formats: [(String, [String])] = [
        ("tar-v7", short), ("tar-oldgnu", short + [split, long]), ("tar-gnu", short + [split, long]),
        ("tar-ustar", short + [split]), ("tar-pax", short + [split, long]),
        ("python-ustar", short + [split]), ("python-gnu", short + [split, long]),
        ("python-pax", short + [split, long]),
    ]

    @Test(arguments: formats)
    func archivesOfAllFormatsAreRead(name: String, keys: [String]) async throws {
        let source = ArchiveSource(paths: [Fixture.path("files.\(name).tar")])
        let found = try await images(of: source)
        #expect(found.map(\.id) == keys)
        #expect(try await source.count() == keys.count)
        #expect(source.columns == [SourceColumn("txt", .text), SourceColumn("json", .text)])
        #expect(found.first?.values == [.text("cats/0001.txt"), .text("cats/0001.json")])
        for image in found {
            let contents = String(decoding: try await image.bytes(), as: UTF8.self)
            #expect(contents.hasPrefix(image.id + "."))
            #expect(image.version?.hasPrefix("\(contents.utf8.count)@1700000000") == true)
            if image.id != keys.first { #expect(image.values == [.missing, .missing]) }
        }
    }

    @Test(arguments: ["gnu", "pax", "pax-0.1"])
    func aSparseFileIsRefusedAndTheFileBehindItIsRead(kind: String) async throws {
        let found = try await images(of: ArchiveSource(paths: [Fixture.path("sparse-\(kind).tar")]))
        #expect(found.map(\.id) == ["a", "b"])
        let error = await #expect(throws: CLIPError.self) { try await found.first?.bytes() }
        #expect(error?.message.contains("a.jpg") == true)
        #expect(try await found.last?.bytes() == Array("b.jpg".utf8))
    }

    @Test func imagesOfOneKeyShareItsSidecarsAndHaveTheirPathsAsIDs() async throws {
        var tar = TarBuilder()
        tar.add("a/x.txt", Array("words".utf8))
        tar.add("a/x.jpg", [1])
        tar.add("a/x.Mask.PNG", [2])
        tar.add("b/x.jpg", [3])
        tar.add("b/.hidden.jpg", [4])
        tar.add("b/._x.jpg", [4])
        tar.add("c/x.txt", Array("no image".utf8))
        let found = try await images(of: source(tar, sidecars: [.txt]))
        #expect(found.map(\.id) == ["a/x.jpg", "a/x.Mask.PNG", "b/x"])
        #expect(found.map(\.values) == [[.text("words")], [.text("words")], [.missing]])
    }

    @Test func moreImagesOfOneKeyThanFitAreAllOffered() async throws {
        var tar = TarBuilder()
        for number in 0..<2001 { tar.add("IMG.\(number).jpg") }
        #expect(try await ids(source(tar)) == (0..<2001).map { "IMG.\($0).jpg" })
    }

    private static let badSidecars: [(String, [UInt8], String)] = [
        ("x.txt", [0xFF], "not UTF-8"),
        ("x.json", [UInt8](repeating: 32, count: (1 << 20) + 1), "larger than the limit of 1048576 bytes"),
    ]

    @Test(arguments: badSidecars)
    func anImageWhoseSidecarCannotBeReadIsRefused(name: String, contents: [UInt8], reason: String) async throws {
        var tar = TarBuilder()
        tar.add("x.jpg", [1])
        tar.add(name, contents)
        let image = try #require(try await images(of: source(tar)).first)
        let error = await #expect(throws: CLIPError.self) { try await image.bytes() }
        #expect(error?.message.contains(name) == true)
        #expect(error?.message.contains(reason) == true)
        let withoutSidecars = try #require(try await images(of: source(tar, sidecars: [])).first)
        #expect(withoutSidecars.values.isEmpty)
        #expect(try await withoutSidecars.bytes() == [1])
    }

    @Test func idsOfSeveralArchivesCanStartWithTheirNames() async throws {
        var tar = TarBuilder()
        tar.add("0001.jpg")
        try folder.write(tar.whole, to: "s/a.tar")
        try folder.write(tar.whole, to: "b.tar")
        let archives = [folder.path + "/s/a.tar", folder.path + "/b.tar"]
        #expect(
            try await ids(ArchiveSource(paths: archives, options: .init(ids: .archiveAndKey))) == [
                "a.tar/0001", "b.tar/0001",
            ]
        )
    }

    @Test func aLargeImageIsRefusedBeforeItIsRead() async throws {
        var tar = TarBuilder()
        tar.add("x.jpg", [1, 2, 3])
        try folder.write(tar.whole, to: "x.tar")
        let image = try #require(
            try await images(
                of: ArchiveSource(paths: [folder.path + "/x.tar"], options: .init(files: .init(maximumFileBytes: 2)))
            ).first
        )
        let error = await #expect(throws: CLIPError.self) { try await image.bytes() }
        #expect(error?.code == .limitExceeded)
    }

    @Test func imagesAreReadAfterTheWalkIsOver() async throws {
        var tar = TarBuilder()
        tar.add("x.jpg", [1, 2, 3])
        let found = try await images(of: source(tar))
        #expect(unlink(folder.path + "/x.tar") == 0)
        #expect(try await found.first?.bytes() == [1, 2, 3])
    }

    @Test func archivesBehindEachOtherAreReadAsOne() async throws {
        var tar = TarBuilder()
        tar.add("a.jpg")
        var other = TarBuilder()
        other.add("b.jpg")
        try folder.write(tar.whole + other.whole, to: "x.tar")
        #expect(try await ids(ArchiveSource(paths: [folder.path + "/x.tar"])) == ["a", "b"])
    }

    /// The header behind a long name holds its first 100 bytes.
    @Test(arguments: ["L", "x"])
    func aLongNameThatIsCutBehindASlashIsNoFolder(type: Character) async throws {
        let folders = String(repeating: "d/", count: 50)
        let name = folders + "a.jpg"
        var tar = TarBuilder()
        tar.add("long", type: type, type == "L" ? Array("\(name)\0".utf8) : TarBuilder.record("path", name))
        tar.add(folders, [1, 2], magic: type == "L" ? "ustar  \0" : "ustar\u{0}00")
        tar.add("z.jpg", [3])
        let found = try await images(of: source(tar))
        #expect(found.map(\.id) == [folders + "a", "z"])
        #expect(try await found.first?.bytes() == [1, 2])
    }

    @Test(arguments: ["tar-oldgnu", "tar-gnu", "tar-pax", "python-gnu", "python-pax"])
    func aNameCutBehindASlashHidesNoFile(writer: String) async throws {
        let found = try await images(of: ArchiveSource(paths: [Fixture.path("cut.\(writer).tar")]))
        let long = String(repeating: "d/", count: 80) + "cut"
        #expect(found.map(\.id) == [long, "été"])
        #expect(try await found.first?.bytes() == Array("\(long).jpg".utf8))
        #expect(try await found.last?.bytes() == Array("été.webp".utf8))
    }

    /// Archives older than the type of folders.
    @Test(arguments: ["0", "\0"] as [Character])
    func aNameThatEndsInASlashIsAFolder(type: Character) async throws {
        let long = String(repeating: "l", count: 120) + ".jpg/"
        var tar = TarBuilder()
        tar.add("x.jpg/", type: type, magic: "")
        tar.add("long", type: "L", Array("\(long)\0".utf8))
        tar.add(String(long.prefix(100)), type: type, magic: "ustar  \0")
        tar.add("long", type: "x", TarBuilder.record("path", long))
        tar.add(String(long.prefix(100)), type: type)
        tar.add("x.jpg/", type: type, [1], magic: "")
        tar.add("z.jpg", [3])
        #expect(try await ids(source(tar)) == ["z"])
    }

    @Test func anArchiveThatIsWrittenWhileItIsReadGivesNoWrongImage() async throws {
        var tar = TarBuilder()
        for name in ["a.jpg", "b.jpg"] { tar.add(name, [1, 2, 3]) }
        let source = try source(tar)
        var iterator = try source.makeIterator()
        let image = try #require(try await iterator.next())
        #expect(image.id == "a")
        #expect(try await image.bytes() == [1, 2, 3])
        try folder.write(tar.whole.map { $0 == 2 ? 9 : $0 }, to: "x.tar")
        try folder.setTime(of: "x.tar", 1)
        let error = await #expect(throws: CLIPError.self) { try await image.bytes() }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("x.tar changed while it was being read") == true)
        // What else the archive held, or holds now, is not known.
        var rest = [ImageReference]()
        while let image = try await iterator.next() { rest.append(image) }
        #expect(rest.last?.isUnknownPart == true)
    }

    @Test func aMissingArchiveAndAPipeAreRefusedByName() throws {
        let missing = #expect(throws: CLIPError.self) { try ArchiveSource(paths: ["/nowhere/a.tar"]).makeIterator() }
        #expect(missing?.code == .notFound)
        #expect(missing?.message.contains("/nowhere/a.tar") == true)
        #expect(mkfifo(folder.path + "/pipe.tar", 0o600) == 0)
        let pipe = #expect(throws: CLIPError.self) {
            try ArchiveSource(paths: [folder.path + "/pipe.tar"]).makeIterator()
        }
        #expect(pipe?.message.contains("not pipes") == true)
    }

    private func source(
        _ tar: TarBuilder,
        sidecars: Set<ArchiveSource.Sidecar> = [.txt, .json]
    ) throws -> ArchiveSource {
        try folder.write(tar.whole, to: "x.tar")
        return ArchiveSource(paths: [folder.path + "/x.tar"], options: .init(sidecars: sidecars))
    }
}
