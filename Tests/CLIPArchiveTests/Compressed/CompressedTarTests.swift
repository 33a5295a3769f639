import CLIPArchive
import CLIPCore
import CLIPPipeline
import CLIPTesting
import TestSupport
import Testing

@Suite struct CompressedTarTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func source(_ bytes: [UInt8], _ options: ArchiveSource.Options = .init()) throws -> ArchiveSource {
        // The name does not tell the format.
        try folder.write(bytes, to: "x")
        return ArchiveSource(paths: [folder.path + "/x"], options: options)
    }

    /// Images that take some room when compressed.
    private static func tar(_ count: Int, bytes: Int) -> TarBuilder {
        var tar = TarBuilder()
        for number in 0..<count { tar.add("\(number).jpg", noise(number, bytes)) }
        return tar
    }

    private static func noise(_ seed: Int, _ count: Int) -> [UInt8] {
        var generator = SeededNoise(state: UInt64(seed + 1))
        return (0..<count).map { _ in generator.next() }
    }

    @Test(arguments: Packing.allCases, ["files.tar-gnu", "files.tar-pax", "files.tar-v7", "sparse-pax"])
    func aCompressedArchiveHasTheImagesOfTheArchive(packing: Packing, name: String) async throws {
        let path = Fixture.path("\(name).tar")
        let plain = try await images(of: ArchiveSource(paths: [path]))
        let source = try source(packing.pack(FileBytes.read(path)))
        let packed = try await images(of: source)
        #expect(packed.map(\.id) == plain.map(\.id))
        #expect(packed.map(\.version) == plain.map(\.version))
        #expect(packed.map(\.values) == plain.map(\.values))
        for (one, other) in zip(packed, plain) {
            #expect(await (try? one.bytes()) == (try? other.bytes()))
        }
        #expect(try await source.count() == nil)
    }

    @Test(arguments: Packing.allCases)
    func streamsBehindEachOtherAreOne(packing: Packing) async throws {
        let whole = Self.tar(3, bytes: 2000).whole
        let bytes = packing.pack(Array(whole[..<1500])) + packing.pack(Array(whole[1500...])) + [0, 0, 0, 0]
        #expect(try await ids(source(bytes)) == ["0", "1", "2"])
    }

    /// As the seekable format has its table at the end.
    @Test(arguments: UInt8(0x50)...0x5F)
    func framesThatZstandardSkipsAreSkipped(kind: UInt8) async throws {
        let whole = Packing.zstd.pack(Self.tar(2, bytes: 2000).whole)
        #expect(try await ids(source(whole + [kind, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3])) == ["0", "1"])
    }

    /// Such as a stream whose head is damaged.
    @Test(arguments: Packing.allCases)
    func otherDataBehindAStreamIsAnUnknownPart(packing: Packing) async throws {
        var second = packing.pack(Self.tar(2, bytes: 2000).whole)
        second[0] ^= 1
        let found = try await images(of: source(packing.pack(Self.tar(1, bytes: 2000).whole) + second))
        #expect(found.map(\.isUnknownPart) == [false, true])
        let error = await #expect(throws: CLIPError.self) { try await found[found.count - 1].bytes() }
        #expect(error?.message.contains("followed by other data") == true)
    }

    @Test(arguments: Packing.allCases)
    func anArchiveCutOffAnywhereIsReadUpToThere(packing: Packing) async throws {
        let whole = packing.pack(Self.tar(6, bytes: 4000).whole)
        var most = 0
        for count in stride(from: 20, to: whole.count - 20, by: 1009) {
            let found = try await images(of: source(Array(whole[..<count])))
            #expect(found.last?.isUnknownPart == true)
            #expect(found.dropLast().map(\.id) == (0..<found.count - 1).map { "\($0)" })
            for (number, image) in found.dropLast().enumerated() {
                #expect(try await image.bytes() == Self.noise(number, 4000))
            }
            let error = await #expect(throws: CLIPError.self) { try await found.last?.bytes() }
            #expect(error?.message.contains("truncated") == true, "\(String(describing: error))")
            most = max(most, found.count - 1)
        }
        // bzip2, xz and zstd have it all in one block.
        #expect(packing != .gzip || most >= 4)
    }

    @Test(arguments: Packing.allCases)
    func aFlippedByteAnywhereIsAtWorstDamage(packing: Packing) async throws {
        let whole = packing.pack(Self.tar(2, bytes: 1000).whole)
        for position in stride(from: 0, to: whole.count, by: 23) {
            var bytes = whole
            bytes[position] ^= UInt8(1 << (position / 23 % 8))
            guard let found = try? await images(of: source(bytes)) else { continue }
            #expect(found.count <= 3)
            for image in found { _ = try? await image.bytes() }
        }
    }

    @Test func aLargeImageFailsAndTheNextIsRead() async throws {
        var tar = TarBuilder()
        tar.add("a.jpg", [UInt8](repeating: 1, count: 3000))
        tar.add("b.jpg", [2])
        let found = try await images(
            of: source(Packing.zstd.pack(tar.whole), .init(files: .init(maximumFileBytes: 2999)))
        )
        let error = await #expect(throws: CLIPError.self) { try await found.first?.bytes() }
        #expect(error?.code == .limitExceeded)
        #expect(try await found.last?.bytes() == [2])
    }

    @Test func aFileThatIsOnlyCompressedIsRefusedBeforeTheFirstImage() throws {
        let source = try source(Packing.gzip.pack(Array(repeating: UInt8(ascii: "a"), count: 2000)))
        let error = #expect(throws: CLIPError.self) { try source.makeIterator() }
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("gzip, but is not a tar archive") == true)
    }

    @Test(
        arguments: [([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z x"), (Array("Rar!".utf8), "unrar")]
            as [([UInt8], String)]
    )
    func archivesOfOtherKindsAreRefusedWithAdvice(start: [UInt8], command: String) throws {
        let source = try source(start + [UInt8](repeating: 0, count: 600))
        let error = #expect(throws: CLIPError.self) { try source.makeIterator() }
        #expect(error?.message.contains(command) == true)
    }

    /// Before its end, which may be far away.
    @Test func cancellingEndsAWalkWithinAnArchive() async throws {
        let source = try source(Packing.xz.pack(Self.tar(40, bytes: 100).whole))
        let walk = Task {
            var iterator = try source.makeIterator()
            _ = try await iterator.next()
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await iterator.next()
        }
        await #expect(throws: CancellationError.self) { try await walk.value }
    }

    @Test func theCommandThatUnpacksAnArchiveQuotesItsName() throws {
        try folder.write([0x04, 0x22, 0x4D, 0x18], to: "my photos.tar.lz4")
        let path = "\(folder.path)/my photos.tar.lz4"
        let error = #expect(throws: CLIPError.self) { try ArchiveSource(paths: [path]).makeIterator() }
        #expect(error?.message.hasSuffix("Unpack it first: unlz4 '\(path)'") == true, "\(error?.message ?? "")")
    }

    @Test func aPartThatCannotBeReadHasNoColumns() async throws {
        try folder.write([1, 2, 3], to: "a.tar")
        let source = CombinedSource([ArchiveSource(paths: ["\(folder.path)/a.tar"])])
        let image = try #require(try await images(of: source).first)
        #expect(image.isUnknownPart && image.id == "\(folder.path)/a.tar#0")
    }

    @Test func aRunResumesInACompressedArchive() async throws {
        let source = try source(Packing.xz.pack(Self.tar(40, bytes: 100).whole))
        let store = MemoryStore(model: StubImageEncoder(size: 1).model)
        func run(_ decoder: FirstByteDecoder) async throws -> RunSummary {
            try await EmbeddingRun(
                source: source,
                decoder: decoder,
                encoder: StubImageEncoder(size: 1),
                writer: store,
                options: EmbeddingRun.Options(batchSize: 3)
            ).run()
        }
        let broken = try await run(FirstByteDecoder(limit: 128))
        #expect(broken.embedded > 0 && broken.failed > 0 && broken.embedded + broken.failed == 40)
        let again = try await run(FirstByteDecoder(limit: 255))
        #expect(again.unchanged == broken.embedded && again.embedded == broken.failed)
    }
}

/// Takes the first byte for a pixel, and fails if it is above a limit.
private struct FirstByteDecoder: ImageDecoder {
    let limit: UInt8

    func decode(_ data: [UInt8]) throws -> PixelImage {
        guard let first = data.first, first <= limit else { throw CLIPError(.corruptData, "damaged") }
        return PixelImage(width: 1, height: 1, format: .gray, pixels: [first])
    }
}

/// A generator whose bytes do not compress.
private struct SeededNoise {
    var state: UInt64

    mutating func next() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
    }
}
