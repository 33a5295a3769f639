import CLIPArchive
import CLIPCore
import CLIPPipeline
import CLIPTesting
import TestSupport
import Testing

@Suite struct ZipTests {
    private typealias Member = ZipBuilder.Member

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func source(_ bytes: [UInt8], _ options: ArchiveSource.Options = .init()) throws -> ArchiveSource {
        try folder.write(bytes, to: "x.zip")
        return ArchiveSource(paths: [folder.path + "/x.zip"], options: options)
    }

    private static let members: [(String, Member)] = [
        ("stored", Member(method: 0)), ("deflated", Member()), ("wide", Member(isWide: true)),
        ("streamed", Member(isStreamed: true)), ("wide and streamed", Member(isWide: true, isStreamed: true)),
    ]

    @Test(arguments: members, [false, true])
    private func membersOfAllFormsAreReadByTheirPaths(form: (String, Member), isWide: Bool) async throws {
        var zip = ZipBuilder()
        let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }
        zip.add("album/", [], Member(method: 0))
        zip.add("album/a.b.jpg", large, form.1)
        zip.add("album/a.c.JPG", [2], form.1)
        let source = try source(zip.whole(isWide: isWide, comment: "PK\u{5}\u{6} is in here"))
        let found = try await images(of: source)
        #expect(found.map(\.id) == ["album/a.b.jpg", "album/a.c.JPG"])
        #expect(found.first?.version?.hasPrefix("300000@crc32:") == true)
        #expect(try await found.first?.bytes() == large)
        #expect(try await found.last?.bytes() == [2])
        #expect(try await source.count() == 2)
    }

    @Test func anImageIsWholeThoughItsDataIsUsedUpBeforeItsPixels() async throws {
        // A mask: the last bytes are still in zlib when the input ends and a power of two is full.
        let mask = [UInt8](repeating: 0, count: (1 << 20) + 17)
        var zip = ZipBuilder()
        zip.add("mask.pgm", mask)
        #expect(try await images(of: source(zip.whole)).first?.bytes() == mask)
    }

    @Test func namesAreUTF8OrCodePage437() async throws {
        var zip = ZipBuilder()
        zip.add("ü 1.jpg", [1], Member(flags: 0x800))
        zip.add("ü 2.jpg", [2])
        zip.add("", [3], Member(name: [0x81, 0x20, 0x33] + Array(".jpg".utf8)))
        let unicode: [UInt8] = Array("4 \u{1F600}.jpg".utf8)
        let crc: [UInt8] = [0x2F, 0xC6, 0x25, 0xAB]
        zip.add("", [4], Member(name: Array("4 ?.jpg".utf8), extra: [0x75, 0x70, 14, 0, 1] + crc + unicode))
        zip.add("photos\\5.jpg", [5])
        let found = try await ids(source(zip.whole))
        #expect(found[0] == "ü 1.jpg" && found[1] == "ü 2.jpg" && found[2] == "ü 3.jpg" && found[4] == "photos/5.jpg")
    }

    @Test func hiddenFilesAreSkippedAndOthersOnlyReadOnRequest() async throws {
        var zip = ZipBuilder()
        for name in ["a.jpg", "__MACOSX/._a.jpg", ".trash/b.jpg", "cats/.c.jpg", "cats/readme", "cats/d.jpg", "n.zip"] {
            zip.add(name, [1])
        }
        #expect(try await ids(source(zip.whole)) == ["a.jpg", "cats/d.jpg"])
        let all = ArchiveSource.Options(files: .init(includesAllFiles: true))
        #expect(try await ids(source(zip.whole, all)) == ["a.jpg", "cats/readme", "cats/d.jpg", "n.zip"])
        let cats = ArchiveSource.Options(files: .init(include: ["cats/**"], exclude: ["readme"]))
        #expect(try await ids(source(zip.whole, cats)) == ["cats/d.jpg"])
    }

    @Test func sidecarsAndKeysAreAsInTarArchives() async throws {
        var zip = ZipBuilder()
        zip.add("x/1.jpg", [1])
        zip.add("x/1.txt", Array("words".utf8))
        zip.add("x/1.json", Array("{}".utf8), Member(isStreamed: true))
        let found = try await images(of: source(zip.whole))
        #expect(found.map(\.id) == ["x/1.jpg"])
        #expect(found.first?.values == [.text("words"), .text("{}")])
        #expect(try await ids(source(zip.whole, .init(ids: .archiveAndKey))) == ["x.zip/x/1"])
        #expect(try await ids(source(zip.whole, .init(ids: .archiveAndPath))) == ["x.zip/x/1.jpg"])
    }

    private static let unreadable: [(String, Member, String)] = [
        ("encrypted", Member(flags: 1), "encrypted"),
        ("encrypted with AES", Member(method: 99, flags: 1), "encrypted"),
        ("Deflate64", Member(method: 9), "method 9"),
        ("a symbolic link", Member(method: 0, attributes: 0o120777 << 16, system: 3), "symbolic link"),
        ("a wrong checksum", Member(checksum: 1), "checksum"),
        ("more bytes than claimed", Member(claimedBytes: 1), "size"),
        ("fewer bytes than claimed", Member(claimedBytes: 100), "size"),
        ("deflate that is none", Member(method: 12), "damaged"),
        ("more bytes than the limit", Member(isWide: true, claimedBytes: 1 << 40), "limit of 1000"),
    ]

    @Test(arguments: unreadable)
    private func aMemberThatCannotBeReadIsOneFailure(name: String, member: Member, reason: String) async throws {
        var zip = ZipBuilder()
        zip.add("a.jpg", [1])
        zip.add("b.jpg", [UInt8](repeating: 7, count: 50), member)
        zip.add("c.jpg", [3])
        let found = try await images(of: source(zip.whole, .init(files: .init(maximumFileBytes: 1000))))
        #expect(found.map(\.id) == ["a.jpg", "b.jpg", "c.jpg"])
        let error = await #expect(throws: CLIPError.self) { try await found[1].bytes() }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.message.contains("b.jpg") == true)
        #expect(try await found[2].bytes() == [3])
    }

    @Test func anySizeMayBeClaimed() async throws {
        var zip = ZipBuilder()
        for number in 0..<3 { zip.add("a.\(number).jpg", [1], Member(isWide: true, claimedBytes: .max)) }
        for bytes in [zip.whole, zip.bytes] {
            let found = try await images(of: source(bytes)).filter { !$0.isUnknownPart }
            #expect(found.map(\.id) == ["a.0.jpg", "a.1.jpg", "a.2.jpg"])
            for image in found { await #expect(throws: CLIPError.self) { try await image.bytes() } }
        }
    }

    @Test func aBombIsStoppedAtItsClaimedSize() async throws {
        var zip = ZipBuilder()
        zip.add("a.jpg", [UInt8](repeating: 0, count: 50 << 20), Member(claimedBytes: 10))
        let image = try #require(try await images(of: source(zip.whole)).first)
        var buffer = [UInt8]()
        await #expect(throws: CLIPError.self) { try await image.read(into: &buffer) }
        #expect(buffer.capacity < 4 << 20)
    }

    @Test func anArchiveBehindAProgramIsRead() async throws {
        var zip = ZipBuilder()
        zip.add("a.jpg", [1])
        let found = try await images(of: source([UInt8](repeating: 7, count: 5000) + zip.whole))
        #expect(found.map(\.id) == ["a.jpg"])
        #expect(try await found.first?.bytes() == [1])
    }

    @Test(arguments: [false, true])
    func anArchiveCutOffAnywhereIsReadUpToThere(isStreamed: Bool) async throws {
        var zip = ZipBuilder()
        for number in 0..<4 {
            let contents = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0 >> number) }
            zip.add("\(number).jpg", contents, Member(isStreamed: isStreamed))
        }
        let whole = zip.whole
        for count in stride(from: 4, to: whole.count, by: 97) {
            let found = try await images(of: source(Array(whole[..<count])))
            #expect(found.last?.isUnknownPart == true)
            #expect(found.dropLast().map(\.id) == (0..<found.count - 1).map { "\($0).jpg" })
            for image in found.dropLast() { #expect(try await image.bytes().count == 1000) }
        }
        let withoutDirectory = try await images(of: source(zip.bytes))
        #expect(withoutDirectory.count == 5)
    }

    /// The record behind the contents has 16 bytes.
    @Test(arguments: 1...20)
    func anArchiveCutOffInTheRecordOfSizesIsReadUpToThere(missing: Int) async throws {
        var zip = ZipBuilder()
        zip.add("a.jpg", [1, 2, 3], Member(isStreamed: true))
        let found = try await images(of: source(zip.bytes.dropLast(missing)))
        #expect(found.map(\.isUnknownPart) == (missing <= 16 ? [false, true] : [true]))
        if missing <= 16 { #expect(try await found[0].bytes() == [1, 2, 3]) }
    }

    @Test func aFlippedByteAnywhereIsAtWorstDamage() async throws {
        var zip = ZipBuilder()
        zip.add("a.jpg", [1, 2, 3], Member(isWide: true))
        zip.add("b.jpg", [4], Member(isStreamed: true))
        let whole = zip.whole(isWide: true)
        for position in whole.indices {
            var bytes = whole
            bytes[position] ^= UInt8(1 << (position % 8))
            guard let found = try? await images(of: source(bytes)) else { continue }
            #expect(found.count <= 3)
            for image in found { _ = try? await image.bytes() }
        }
    }
}
