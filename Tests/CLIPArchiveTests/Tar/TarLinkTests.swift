import CLIPArchive
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Links are read in every archive: those of a local tar archive at once, those of a compressed one at its end.
@Suite struct TarLinkTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func contents(_ bytes: [UInt8], packed: Packing?) async throws -> [String: [UInt8]] {
        try folder.write(packed?.pack(bytes) ?? bytes, to: "x.tar")
        let found = try await images(of: ArchiveSource(paths: [folder.path + "/x.tar"]))
        var contents = [String: [UInt8]]()
        for image in found { contents[image.id] = try await image.bytes() }
        return contents
    }

    @Test(arguments: [nil, .gzip] as [Packing?])
    func linksWrittenByTarAreRead(packed: Packing?) async throws {
        let bytes = try FileBytes.read(Fixture.path("links.tar"))
        let z = Array("z.jpg".utf8)
        #expect(try await contents(bytes, packed: packed) == ["z": z, "zz-hard": z, "zz-soft": z])
    }

    @Test(arguments: [nil, .gzip] as [Packing?])
    func linksAreFollowedOverChainsAndFolders(packed: Packing?) async throws {
        let long = String(repeating: "l", count: 150) + ".jpg"
        var tar = TarBuilder()
        tar.add("./day/store/0001", [1])
        tar.add("./day/a.jpg", type: "1", link: "./day/store/0001")
        tar.add("./b.jpg", type: "1", link: "./day/a.jpg")
        tar.add("day/later.jpg", type: "2", link: "../end/c.jpg")
        tar.add("day/chain.jpg", type: "2", link: "later.jpg")
        tar.add("link", type: "K", Array("\(long)\0".utf8))
        tar.add("gnu.jpg", type: "2", link: String(long.prefix(100)))
        tar.add("link", type: "x", TarBuilder.record("linkpath", long))
        tar.add("pax.jpg", type: "2", link: "x")
        tar.add("name", type: "x", TarBuilder.record("path", long))
        tar.add("x", [2])
        tar.add("end/c.jpg", [3])
        let expected: [String: [UInt8]] = [
            "./day/a": [1], "./b": [1], "day/later": [3], "day/chain": [3], "gnu": [2], "pax": [2],
            String(long.dropLast(4)): [2], "end/c": [3],
        ]
        #expect(try await contents(tar.whole, packed: packed) == expected)
    }

    private static let missing: [(type: Character, target: String)] = [
        ("1", "nothing.jpg"), ("1", "later.jpg"), ("1", "a.jpg"), ("2", "nothing.jpg"), ("2", "../later.jpg"),
        ("2", "/later.jpg"), ("2", "a.jpg"),
    ]

    @Test(arguments: missing, [nil, .gzip] as [Packing?])
    func aLinkToNoFileOfTheArchiveFails(link: (type: Character, target: String), packed: Packing?) async throws {
        var tar = TarBuilder()
        tar.add("a.jpg", type: link.type, link: link.target)
        tar.add("later.jpg", [1])
        try folder.write(packed?.pack(tar.whole) ?? tar.whole, to: "x.tar")
        let found = try await images(of: ArchiveSource(paths: [folder.path + "/x.tar"]))
        #expect(Set(found.map(\.id)) == ["a", "later"])
        let image = try #require(found.first { $0.id == "a" })
        let error = await #expect(throws: CLIPError.self) { try await image.bytes() }
        #expect(error?.message.contains("link to \(link.target)") == true, "\(String(describing: error))")
    }

    @Test func anImageAndItsLinksHaveTheSameVersion() async throws {
        var tar = TarBuilder()
        tar.add("a.jpg", [1])
        tar.add("b.jpg", type: "1", link: "a.jpg")
        for bytes in [tar.whole, Packing.zstd.pack(tar.whole)] {
            try folder.write(bytes, to: "x.tar")
            let found = try await images(of: ArchiveSource(paths: [folder.path + "/x.tar"]))
            #expect(found.map(\.version) == ["1@15", "1@15"])
        }
    }

    @Test func linksAreReadInAnArchiveThatIsCutOff() async throws {
        var tar = TarBuilder()
        tar.add("a.jpg", [1])
        tar.add("b.jpg", type: "1", link: "a.jpg")
        try folder.write(Packing.gzip.pack(tar.bytes), to: "x.tar")
        let found = try await images(of: ArchiveSource(paths: [folder.path + "/x.tar"]))
        #expect(found.map(\.id) == ["a", folder.path + "/x.tar#1536", "b"])
        #expect(try await found.last?.bytes() == [1])
    }
}
