import CLIPArrow
import CLIPCore
import CLIPTesting
import TestSupport
import Testing

/// Archives as people have them.
@Suite(.serialized, .ownThreads) struct ArchiveTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        for (fixture, name) in [("rgb-420.jpg", "a.jpg"), ("gray.jpg", "b.jpg")] {
            try place.write(ImageFile.bytes(fixture), "album/\(name)")
        }
    }

    /// Runs a program in the workplace's folder.
    private func make(_ script: String) throws {
        let result = try Tool.run(
            [],
            script: "cd '\(place.folder.path)' && \(script)",
            scratch: place.folder
        )
        try #require(result.status == 0, "\(result.errors)")
    }

    private func embed(_ source: String, _ options: String...) throws -> Tool.Result {
        try Tool.run(
            ["embed", place.path(source), "--output", place.path("store")] + options,
            scratch: place.folder
        )
    }

    private func vectors() throws -> [String: [Float]] {
        var vectors = [String: [Float]]()
        try ParquetStore(path: place.path("store")).forEachBlock(rows: 10) { block in
            for (row, id) in block.ids.enumerated() { vectors[id] = Array(block.embeddings[row: row]) }
        }
        return vectors
    }

    private static func zip() throws -> [UInt8] {
        try FileBytes.read(RepositoryFile.path("Tests/CLIPArchiveTests/Fixtures/takeout.zip"))
    }

    @Test func aQuotedPatternStandsForSeveralArchives() throws {
        try make("mkdir data && tar -cf data/1.tar album/a.jpg && tar -cf data/2.tar album/b.jpg && touch data/3.txt")
        for pattern in ["data/*.tar", "data/[12].tar", "d*/{1,2,3}.tar", "**/?.tar"] {
            let result = try embed(pattern)
            #expect(result.status == 0 && result.output.contains("2 images: "), "\(result.output)\(result.errors)")
        }
        #expect(try Set(vectors().keys) == ["album/a", "album/b"])
    }

    @Test func bracesMayStandInTheExtension() throws {
        try make("tar -cf 1.tar album/a.jpg && tar -czf 1.tar.gz album/b.jpg")
        for pattern in ["1.tar{,.gz}", "1.{tar,tar.gz}"] {
            let result = try embed(pattern)
            #expect(result.status == 0 && result.output.contains("2 images: "), "\(result.output)\(result.errors)")
        }
        #expect(try Set(vectors().keys) == ["album/a", "album/b"])
    }

    @Test(arguments: ["tar -cf x", "tar -czf x", "tar -cjf x", "tar -cJf x"])
    func tarArchivesAreRecognisedByTheirContent(command: String) throws {
        try make("ln album/a.jpg album/c.jpg && \(command) album && mv x x.dat")
        let result = try embed("x.dat")
        #expect(
            result.status == 0 && result.output.contains("3 images: 3 embedded"),
            "\(result.output)\(result.errors)"
        )
        let vectors = try vectors()
        #expect(Set(vectors.keys) == ["album/a", "album/b", "album/c"])
        #expect(vectors["album/a"] == vectors["album/c"])
        #expect(try embed("x.dat").output.contains("3 skipped (unchanged)"))
    }

    @Test func aZipArchiveHasTheIDsOfItsFolder() throws {
        try place.write(Self.zip(), "takeout.dat")
        #expect(try embed("takeout.dat").output.contains("2 images: 2 embedded"))
        #expect(try Set(vectors().keys) == ["album/ü 1.jpg", "album/2.JPG"])
    }

    @Test func anArchiveThatIsCutOffKeepsWhatComesBeforeTheCut() throws {
        try place.write(Self.zip().dropLast(100).map(\.self), "half.zip")
        let result = try embed("half.zip")
        #expect(result.status == 1 && result.output.contains("2 embedded"), "\(result.output)\(result.errors)")
        #expect(result.errors.contains("half.zip is damaged"))
    }

    /// 32 images of 16 MiB in an archive of a few kilobytes.
    @Test(.enabled(if: !Sanitizer.isUsed)) func memoryDoesNotGrowWithACompressedArchive() throws {
        try make(
            """
            head -c 16777216 /dev/zero > zeros && cp album/a.jpg one.jpg && cat zeros >> one.jpg && mkdir many && \
            for i in $(seq 32); do ln one.jpg many/$i.jpg; done && \
            tar --hard-dereference -czf many.tar.gz many && tar -czf few.tar.gz many/1.jpg && rm -r many
            """
        )
        let few = try embed("few.tar.gz")
        let many = try embed("many.tar.gz")
        #expect(many.status == 0 && many.output.contains("31 embedded"), "\(many.output)\(many.errors)")
        #expect(many.peakMemory < few.peakMemory + 200 << 10, "\(few.peakMemory), \(many.peakMemory)")
    }
}
