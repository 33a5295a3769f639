import CLIPArchive
import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization
import TestSupport
import Testing

/// Serves archives in parts, and fails from an offset on.
private final class Parts: PartialReader, RemoteFile {
    let schemes = ["s3"]
    let bytes: [UInt8]
    let failsFrom: Int
    private let reads = Mutex([Range<Int>]())

    init(_ bytes: [UInt8], failsFrom: Int = .max) {
        self.bytes = bytes
        self.failsFrom = failsFrom
    }

    var byteCount: Int { bytes.count }
    var readCount: Int { reads.withLock { $0.reduce(0) { $0 + $1.count } } }

    func open(_ location: String) throws -> any RemoteFile {
        guard !location.hasSuffix("gone.zip") else { throw CLIPError(.notFound, "\(location) does not exist.") }
        return self
    }

    func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) throws {
        throw CLIPError(.unreadable, "archives are read in parts")
    }

    func read(at offset: Int, count: Int, into buffer: inout [UInt8]) async throws {
        reads.withLock { $0.append(offset..<offset + count) }
        guard offset < failsFrom else { throw CLIPError(.unreadable, "The connection broke.") }
        buffer = Array(bytes[offset..<offset + count])
    }
}

@Suite struct RemoteArchiveTests {
    private static func archives() -> [(name: String, bytes: [UInt8], ids: [String])] {
        var tar = TarBuilder()
        var zip = ZipBuilder()
        for name in ["a", "b"] {
            for (suffix, contents) in [("jpg", [UInt8](name.utf8)), ("txt", Array("words".utf8))] {
                tar.add("\(name).\(suffix)", contents)
                zip.add("\(name).\(suffix)", contents)
            }
        }
        tar.add("c.jpg", type: "1", link: "a.jpg")
        return [
            ("tar", tar.whole, ["a", "b", "c"]), ("tar.gz", Packing.gzip.pack(tar.whole), ["a", "b", "c"]),
            ("zip", zip.whole, ["a.jpg", "b.jpg"]), ("cut zip", zip.bytes, ["a.jpg", "b.jpg"]),
        ]
    }

    private func source(_ parts: Parts, _ name: String = "x.tar") -> ArchiveSource {
        ArchiveSource(paths: ["s3://bucket/\(name)"], locations: ImageLocations(readers: [parts]))
    }

    @Test(arguments: archives())
    func remoteArchivesAreReadLikeLocalOnes(archive: (name: String, bytes: [UInt8], ids: [String])) async throws {
        let source = source(Parts(archive.bytes))
        let found = try await images(of: source).filter { !$0.isUnknownPart }
        #expect(found.map(\.id) == archive.ids)
        #expect(found.first?.values == [.text("words"), .missing])
        #expect(try await found.first?.bytes() == Array("a".utf8))
        #expect(try await found.dropFirst().first?.bytes() == Array("b".utf8))
        #expect(try await found.last?.bytes() == Array((archive.ids.count == 3 ? "a" : "b").utf8))
        #expect(try await source.count() == nil)
    }

    @Test func whatIsNotNeededIsNotFetched() async throws {
        var zip = ZipBuilder()
        zip.add("film.mov", [UInt8](repeating: 1, count: 40 << 20), .init(method: 0))
        zip.add("a.jpg", [1])
        let parts = Parts(zip.whole)
        #expect(try await ids(source(parts)) == ["a.jpg"])
        #expect(parts.readCount < 20 << 20)
    }

    @Test func aConnectionThatBreaksIsDamage() async throws {
        var tar = TarBuilder()
        tar.add("a.jpg", [1])
        tar.add("b.jpg", [UInt8](repeating: 2, count: 20 << 20))
        let found = try await images(of: source(Parts(tar.whole, failsFrom: 8 << 20)))
        #expect(found.map(\.id) == ["a", "s3://bucket/x.tar#1024"])
        let error = await #expect(throws: CLIPError.self) { try await found.last?.bytes() }
        #expect(error?.message.contains("The connection broke") == true)
    }

    @Test func aMissingArchiveIsOneFailure() async throws {
        let found = try await images(of: source(Parts([]), "gone.zip"))
        #expect(found.map(\.id) == ["s3://bucket/gone.zip#0"] && found.first?.isUnknownPart == true)
    }
}
