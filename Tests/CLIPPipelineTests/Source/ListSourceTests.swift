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

@Suite struct ListSourceTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func aListSkipsEmptyLinesAndKeepsPathsAsIDs() async throws {
        let list = try list([0xEF, 0xBB, 0xBF] + Array("a b.jpg\n\n/c.png\r\n\r\nlast".utf8))
        #expect(try await ids(list) == ["a b.jpg", "/c.png", "last"])
        #expect(try await list.count() == 3)
        #expect(try await ids(list).count == 3)
    }

    @Test func aListIsReadPieceByPiece() async throws {
        let lines = (0..<50_000).map { "folder/\($0).jpg" }
        #expect(try await ids(list(Array(lines.joined(separator: "\n").utf8))) == lines)
    }

    @Test func aPathThatIsNotUTF8IsRead() async throws {
        let path = Array("\(folder.path)/".utf8) + [0x63, 0xE9]
        let isWritten = (path + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { name in
                guard let name = name.baseAddress else { return false }
                let file = open(name, O_CREAT | O_WRONLY, 0o600)
                defer { close(file) }
                return write(file, "image", 5) == 5
            }
        }
        try #require(isWritten)
        let images = try await images(of: list(path))
        #expect(images.map(\.id) == ["\(folder.path)/c\\xe9"])
        #expect(images.first?.version != nil)
        #expect(try await images.first?.bytes() == Array("image".utf8))
    }

    @Test(
        arguments: [
            ([0x61, 0x00], .unsupportedFormat),
            (Array("https://a/".utf8) + [0xFF], .unsupportedFormat),
            ([UInt8](repeating: 0x61, count: 2 << 20), .limitExceeded),
            (Array("https://user:hidden@host/a.jpg".utf8), .unreadable),
            (Array("s3://photos/a.jpg?X-Amz-Signature=hidden".utf8), .unreadable),
        ] as [([UInt8], CLIPError.Code)]
    )
    func aLineThatCannotBeUsedIsOneBadImage(line: [UInt8], code: CLIPError.Code) async throws {
        let list = try list(Array("a.jpg\n\n".utf8) + line + Array("\nb.jpg".utf8))
        let images = try await images(of: list)
        #expect(images.map(\.id) == ["a.jpg", "line 3 of \(folder.path)/list.txt", "b.jpg"])
        #expect(try await list.count() == 3)
        let error = await #expect(throws: CLIPError.self) { try await images[1].bytes() }
        #expect(error?.code == code)
        #expect(error?.message.contains("hidden") == false)
    }

    @Test func aGivenAddressWithCredentialsIsOneBadImage() async throws {
        let images = try await images(of: ListSource(paths: ["a.jpg", "https://user:hidden@host/a.jpg", "b.jpg"]))
        #expect(images.map(\.id) == ["a.jpg", "source 2", "b.jpg"])
        let error = await #expect(throws: CLIPError.self) { try await images[1].bytes() }
        #expect(error?.message.contains("hidden") == false)
    }

    @Test(arguments: [
        "X-Amz-Signature=hidden", "w=1&sig=hidden", "SIGNATURE=hidden&Expires=1", "x-goog-signature=hidden",
        "access_token=hidden#top",
    ])
    func aSignedURLIsReadWholeAndShownWithoutItsQuery(query: String) async throws {
        let url = "https://host/a.jpg?" + query
        let locations = ImageLocations(readers: [EchoReader()])
        let images = try await images(of: ListSource(paths: [url], locations: locations))
        #expect(images.map(\.id) == ["https://host/a.jpg"])
        #expect(try await images.first?.bytes() == Array(url.utf8))
        let unread = try await TestSupport.images(of: ListSource(paths: [url]))
        let error = await #expect(throws: CLIPError.self) { try await unread.first?.bytes() }
        #expect(error?.message.contains("hidden") == false)
    }

    @Test(arguments: ["https://host/a?page=2&sigma=1", "https://host/sig=1", "a?sig=1", "s3://photos/a?sig=1"])
    func otherAddressesAreShownWhole(location: String) async throws {
        #expect(try await ids(ListSource(paths: [location])) == [location])
    }

    @Test func aMissingListIsAnError() {
        let error = #expect(throws: CLIPError.self) { try ListSource(contentsOf: "/nowhere/list.txt") }
        #expect(error?.code == .notFound)
    }

    @Test func aStreamHasNoCountAndIsWalkedOnce() async throws {
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        // Opened for both directions, so that neither side waits for the other; and not by processes of other tests, which
        // would keep it open.
        let writer = open(path, O_RDWR | O_CLOEXEC)
        #expect(write(writer, "a.jpg\n", 6) == 6)
        let list = try ListSource(contentsOf: path)
        #expect(try await list.count() == nil)
        var iterator = try list.makeIterator()
        #expect(try await iterator.next()?.id == "a.jpg")
        close(writer)
        #expect(try await iterator.next()?.id == nil)
        let error = #expect(throws: CLIPError.self) { try list.makeIterator() }
        #expect(error?.message.contains("Save the list to a file") == true)
    }

    @Test func waitingForAStreamEndsWithItsTask() async throws {
        let path = folder.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        let writer = open(path, O_RDWR | O_CLOEXEC)
        defer { close(writer) }
        let list = try ListSource(contentsOf: path)
        let reading = Task {
            var iterator = try list.makeIterator()
            return try await iterator.next()?.id
        }
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
    }

    private func list(_ bytes: [UInt8]) throws -> ListSource {
        try folder.write(bytes, to: "list.txt")
        return try ListSource(contentsOf: folder.path + "/list.txt")
    }
}

/// Gives the location itself as the contents of each file.
private struct EchoReader: LocationReader {
    let schemes = ["https"]

    func read(_ location: String, maximumBytes: Int, into buffer: inout [UInt8]) {
        buffer = Array(location.utf8)
    }
}
