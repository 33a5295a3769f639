import CLIPCore
import CLIPHTTP
import CLIPPipeline
import Testing

/// Files that are read in parts, as archives are.
@Suite struct FilePartTests {
    private static func part(_ range: String, _ bytes: [UInt8], etag: String = "\"1\"") -> [Step] {
        Step.response("206 Partial Content", ["Content-Range: bytes \(range)", "ETag: \(etag)"], bytes)
    }

    @Test func aPartIsRequestedAndTheSizeKnownBefore() async throws {
        let server = try LoopbackServer { _, visit in
            visit == 1 ? Self.part("0-0/9", [0]) : Self.part("3-5/9", [3, 4, 5])
        }
        let file = try await Reading().reader.open(server.url("/a.tar"))
        #expect(file.byteCount == 9)
        var buffer = [UInt8](repeating: 7, count: 100)
        try await file.read(at: 3, count: 3, into: &buffer)
        #expect(buffer == [3, 4, 5])
        let ranges = server.requests.map { $0.lowercased().contains("range: bytes=0-0") }
        #expect(ranges == [true, false])
        #expect(server.requests.last?.lowercased().contains("range: bytes=3-5") == true)
    }

    @Test func aRedirectWithAPageLeadsToTheFile() async throws {
        let page = [UInt8](repeating: 1, count: 65)
        let server = try LoopbackServer { path, _ in
            path == "/a.tar" ? Self.part("0-0/9", [0]) : Step.response("302 Found", ["Location: /a.tar"], page)
        }
        #expect(try await Reading().reader.open(server.url("/moved.tar")).byteCount == 9)
    }

    @Test func aBrokenConnectionIsTriedAgain() async throws {
        let server = try LoopbackServer { _, visit in
            switch visit {
            case 1: Self.part("0-0/4", [0])
            case 2:
                [
                    .head(["HTTP/1.1 206 Partial Content", "Content-Length: 4", "Content-Range: bytes 0-3/4"]),
                    .body([0]), .close,
                ]
            case 3: [.body(Array("HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\n".utf8)), .close]
            default: Self.part("0-3/4", [0, 1, 2, 3])
            }
        }
        let file = try await Reading().reader.open(server.url("/a.tar"))
        var buffer = [UInt8]()
        try await file.read(at: 0, count: 4, into: &buffer)
        #expect(buffer == [0, 1, 2, 3])
    }

    private static let others: [(range: String, bytes: [UInt8], etag: String)] = [
        ("0-1/5", [0, 1], "\"1\""), ("0-1/4", [0, 1], "\"2\""), ("0-0/1", [0], "\"1\""),
        ("0-1/4", [0], "\"1\""),
    ]

    @Test(arguments: others)
    func aFileThatBecameAnotherIsNoticed(other: (range: String, bytes: [UInt8], etag: String)) async throws {
        let server = try LoopbackServer { _, visit in
            visit == 1 ? Self.part("0-0/4", [0]) : Self.part(other.range, other.bytes, etag: other.etag)
        }
        let file = try await Reading().reader.open(server.url("/a.tar"))
        let error = await #expect(throws: CLIPError.self) {
            var buffer = [UInt8]()
            try await file.read(at: 0, count: 2, into: &buffer)
        }
        #expect(error?.message.contains("changed while it was being read") == true)
    }

    private static let otherParts: [(field: String, words: String)] = [
        ("Content-Range: bytes 0-2/9", "the bytes 0-2 of 9"), ("Content-Range: bytes 4-6/9", "the bytes 4-6 of 9"),
        ("Content-Range: bytes 3-4/9", "the bytes 3-4 of 9"), ("Content-Range: bytes 3-6/9", "the bytes 3-6 of 9"),
        ("Content-Range: bytes 0-2/*", "the bytes 0-2"),
        ("Content-Range: bytes 3-2/9", "without a valid Content-Range"),
        ("Content-Range: bytes 3-\(String(repeating: "2", count: 60))/4", "without a valid Content-Range"),
        ("Content-Range: bytes 3-5/5", "without a valid Content-Range"),
        ("Content-Range: lines 3-5/9", "without a valid Content-Range"),
        ("X-Range: none", "without a valid Content-Range"),
    ]

    @Test(arguments: otherParts)
    func aPartOtherThanTheRequestedIsRefused(other: (field: String, words: String)) async throws {
        let server = try LoopbackServer { _, visit in
            visit == 1
                ? Self.part("0-0/9", [0])
                : Step.response("206 Partial Content", [other.field, "ETag: \"1\""], [3, 4, 5])
        }
        let reading = Reading()
        let file = try await reading.reader.open(server.url("/a.tar"))
        let error = await #expect(throws: CLIPError.self) {
            var buffer = [UInt8]()
            try await file.read(at: 3, count: 3, into: &buffer)
        }
        let message = error?.message ?? ""
        #expect(message.contains("the bytes 3-5") && message.contains(other.words), "\(message)")
        #expect(server.requests.count == 2 && reading.delays.isEmpty)
    }

    @Test func aFileIsNotOpenedByAnotherPart() async throws {
        let server = try LoopbackServer { _, _ in Self.part("1-1/9", [1]) }
        let error = await #expect(throws: CLIPError.self) { try await Reading().reader.open(server.url("/a.tar")) }
        #expect(error?.message.contains("the bytes 1-1 of 9") == true, "\(String(describing: error))")
    }

    @Test func theUnitOfARangeIsReadInAnyCase() async throws {
        let server = try LoopbackServer { _, _ in
            Step.response("206 Partial Content", ["Content-Range: Bytes 0-0/9"], [0])
        }
        #expect(try await Reading().reader.open(server.url("/a.tar")).byteCount == 9)
    }

    @Test func aServerThatSendsWholeFilesIsNamed() async throws {
        let server = try LoopbackServer { _, _ in Step.response("200 OK", [], [UInt8](repeating: 1, count: 1 << 20)) }
        let error = await #expect(throws: CLIPError.self) { try await Reading().reader.open(server.url("/a.tar")) }
        #expect(error?.message.contains("does not send parts of files") == true, "\(String(describing: error))")
    }

    @Test(arguments: ["404 Not Found", "416 Range Not Satisfiable"])
    func aFileThatCannotBeOpenedIsAnError(status: String) async throws {
        let server = try LoopbackServer { _, _ in Step.response(status) }
        let error = await #expect(throws: CLIPError.self) { try await Reading().reader.open(server.url("/a.tar")) }
        #expect(error?.code == (status.hasPrefix("404") ? .notFound : .unreadable))
    }
}
