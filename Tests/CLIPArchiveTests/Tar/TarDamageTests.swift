import CLIPArchive
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// A tar archive that is not as it should be.
struct DamagedTar: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    init(_ description: String, _ build: (inout TarBuilder) -> Void) {
        testDescription = description
        var tar = TarBuilder()
        build(&tar)
        bytes = tar.bytes
    }

    private init(_ description: String, bytes: [UInt8]) {
        testDescription = description
        self.bytes = bytes
    }

    func changing(_ position: Int) -> DamagedTar {
        var bytes = bytes
        bytes[position] += 1
        return DamagedTar(testDescription, bytes: bytes)
    }

    func prefix(_ count: Int) -> DamagedTar { DamagedTar(testDescription, bytes: Array(bytes.prefix(count))) }
}

@Suite struct TarDamageTests {
    private static let negative: [UInt8] = [UInt8](repeating: 0xFF, count: 12)
    private static let huge: [UInt8] = [0x80] + [UInt8](repeating: 0xFF, count: 11)
    private static let largest: [UInt8] = [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)

    /// What comes behind one good image, which has 1024 bytes.
    private static let damages = [
        DamagedTar("a header with a wrong checksum") { $0.add("b.jpg") }.changing(0),
        DamagedTar("a size that is no number") { $0.add("b.jpg", size: Array("x".utf8)) },
        DamagedTar("a negative size") { $0.add("b.jpg", [1], size: negative) },
        DamagedTar("a size that no number holds") { $0.add("b.jpg", [1], size: huge) },
        DamagedTar("the largest size there is") { $0.add("b.jpg", [1], size: largest) },
        DamagedTar("a file behind the end") { $0.add("b.jpg", [1], size: Array("00000010000\0".utf8)) },
        DamagedTar("nothing: cut off between two files") { _ in },
        DamagedTar("a file whose last block is cut off") { $0.add("x.txt", [1]) }.prefix(513),
        DamagedTar("half a header") { $0.add("b.jpg") }.prefix(300),
        DamagedTar("a pax record that is too long") { $0.add("x", type: "x", Array("99 path=b.jpg\n".utf8)) },
        DamagedTar("a pax record of length 0") { $0.add("x", type: "x", Array("0 path=b.jpg\n".utf8)) },
        DamagedTar("a pax record without length") { $0.add("x", type: "x", Array("path=b.jpg\n".utf8)) },
        DamagedTar("a pax record without value") { $0.add("x", type: "x", Array("9 path12\n".utf8)) },
        DamagedTar("a pax size that is no number") { $0.add("x", type: "x", TarBuilder.record("size", "-1")) },
        DamagedTar("a pax header of 2 MB") { $0.add("x", type: "x", [UInt8](repeating: 48, count: 2 << 20)) },
        DamagedTar("a long name at the end") { $0.add("L", type: "L", Array("b.jpg\0".utf8)) },
    ]

    @Test(arguments: damages)
    func imagesBeforeDamageAreReadAndTheRestIsOneThatCannotBe(damage: DamagedTar) async throws {
        let folder = try TemporaryFolder()
        var good = TarBuilder()
        good.add("a.jpg", [1])
        try folder.write(good.bytes + damage.bytes, to: "1.tar")
        try folder.write(good.whole, to: "2.tar")
        let path = folder.path + "/1.tar"
        let source = ArchiveSource(paths: [path, folder.path + "/2.tar"], options: .init(ids: .archiveAndKey))
        let found = try await images(of: source)
        #expect(found.map(\.id).first == "1.tar/a")
        #expect(found.map(\.id).last == "2.tar/a")
        #expect(found.count == 3)
        #expect(try await source.count() == 3)
        let rest = try #require(found.dropFirst().first)
        #expect(rest.id.hasPrefix("\(path)#"))
        let error = await #expect(throws: CLIPError.self) { try await rest.bytes() }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains(path) == true)
    }

    @Test(arguments: [[], Array("not an archive".utf8), [UInt8](repeating: 7, count: 4096)] as [[UInt8]])
    func aFileThatIsNoArchiveIsOneImageThatCannotBeRead(bytes: [UInt8]) async throws {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "1.tar")
        let found = try await images(of: ArchiveSource(paths: [folder.path + "/1.tar"]))
        #expect(found.map(\.id) == [folder.path + "/1.tar#0"])
        await #expect(throws: CLIPError.self) { try await found.first?.bytes() }
    }

    @Test func oldAndUnusualHeadersAreRead() async throws {
        let folder = try TemporaryFolder()
        var tar = TarBuilder()
        tar.add("é.jpg", [1], sumsSignedBytes: true)
        tar.add("binary.jpg", [2, 2], size: [0x80] + [UInt8](repeating: 0, count: 10) + [2])
        tar.add("spaces.jpg", [3], size: Array("          1 ".utf8))
        for _ in 0..<1000 { tar.add("L", type: "L", Array("last-long-name.jpg\0".utf8)) }
        tar.add("short.jpg", [4])
        tar.add("g", type: "g", TarBuilder.record("mtime", "1.5"))
        tar.add("x", type: "x", TarBuilder.record("path", "pax.jpg") + TarBuilder.record("size", "1"))
        tar.add("short.jpg", [5], size: Array("00000000000\0".utf8))
        tar.add("zero.jpg", type: "\0", [6])
        tar.add("V", type: "V", [9])
        tar.add("end.jpg", [7])
        try folder.write(tar.whole, to: "x.tar")
        let found = try await images(of: ArchiveSource(paths: [folder.path + "/x.tar"]))
        #expect(found.map(\.id) == ["é", "binary", "spaces", "last-long-name", "pax", "zero", "end"])
        #expect(found.map(\.version) == ["1@15", "2@15", "1@15", "1@15", "1@1.5", "1@1.5", "1@1.5"])
        var firstBytes = [UInt8?]()
        for image in found { firstBytes.append(try await image.bytes().first) }
        #expect(firstBytes == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test(arguments: ["files.tar-gnu", "files.tar-pax", "sparse-gnu"])
    func aFlippedByteAnywhereIsAtWorstDamage(name: String) async throws {
        let folder = try TemporaryFolder()
        let original = try FileBytes.read(Fixture.path("\(name).tar"))
        let path = folder.path + "/x.tar"
        let whole = try await images(of: ArchiveSource(paths: [Fixture.path("\(name).tar")])).count
        for position in stride(from: 0, to: original.count, by: 13) {
            var bytes = original
            bytes[position] ^= UInt8(1 << (position / 13 % 8))
            try folder.write(bytes, to: "x.tar")
            let found = try await images(of: ArchiveSource(paths: [path]))
            #expect(found.count <= whole + 1)
            for image in found { _ = try? await image.bytes() }
        }
    }

    @Test func anArchiveCutOffAnywhereIsReadUpToThere() async throws {
        let folder = try TemporaryFolder()
        let original = try FileBytes.read(Fixture.path("files.tar-pax.tar"))
        let path = folder.path + "/x.tar"
        let whole = try await ids(ArchiveSource(paths: [Fixture.path("files.tar-pax.tar")]))
        for count in stride(from: 1, to: original.count, by: 101) {
            try folder.write(Array(original[..<count]), to: "x.tar")
            let found = try await ids(ArchiveSource(paths: [path])).filter { !$0.contains("#") }
            #expect(whole.starts(with: found))
        }
    }
}
