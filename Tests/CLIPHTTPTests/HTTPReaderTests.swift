import CLIPCore
import CLIPHTTP
import Testing

/// Some bytes, different for each seed.
private func file(_ seed: Int = 0, count: Int = 3000) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) }
}

@Suite struct HTTPReaderTests {
    @Test func bodiesArriveAsTheyAreSent() async throws {
        let server = try LoopbackServer { path, _ in
            switch path {
            case "/length": Step.response("200 OK", [], file())
            case "/compressed": Step.response("200 OK", ["Content-Encoding: gzip"], file())
            case "/chunked":
                [
                    .head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]),
                    .body(Array("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".utf8)),
                ]
            default: [.head(["HTTP/1.1 200 OK", "Connection: close"]), .body(file()), .close]
            }
        }
        let reading = Reading()
        #expect(try await reading.bytes(server.url("/length")) == file())
        #expect(try await reading.bytes(server.url("/compressed")) == file())
        #expect(try await reading.bytes(server.url("/chunked")) == Array("abcde".utf8))
        #expect(try await reading.bytes(server.url("/until-close")) == file())
        #expect(server.requests.allSatisfy { $0.contains("Accept-Encoding: identity\r\n") })
        #expect(server.requests.allSatisfy { $0.contains("User-Agent: swift-openclip") })
    }

    @Test func connectionsAreBoundedAndUsedAgain() async throws {
        let gate = Gate(4)
        let server = try LoopbackServer { path, _ in
            [.meet(gate)] + Step.response("200 OK", [], file(Int(path.dropFirst()) ?? 0))
        }
        let reading = Reading { $0.maximumConnections = 4 }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask { try await reading.bytes(server.url("/\(number)")) == file(number) }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(server.connections == 4)
        #expect(server.requests.count == 100)
    }

    @Test func theBufferIsReplacedAndItsMemoryKept() async throws {
        let server = try LoopbackServer { path, _ in
            path == "/missing" ? Step.response("404 Not Found") : Step.response("200 OK", [], file())
        }
        let reader = Reading().reader
        var buffer = [UInt8](repeating: 9, count: 100_000)
        let address = buffer.withUnsafeBytes(\.baseAddress)
        try await reader.read(server.url("/a"), maximumBytes: 1 << 20, into: &buffer)
        #expect(buffer == file())
        try await reader.read(server.url("/b"), maximumBytes: 1 << 20, into: &buffer)
        #expect(buffer == file())
        _ = try? await reader.read(server.url("/missing"), maximumBytes: 1 << 20, into: &buffer)
        buffer.append(1)
        #expect(buffer.withUnsafeBytes(\.baseAddress) == address)
    }

    @Test func aProxyIsAskedForTheWholeURL() async throws {
        let proxy = try LoopbackServer { _, _ in Step.response("200 OK", [], file()) }
        let reading = Reading { $0.proxy = proxy.url("") }
        #expect(try await reading.bytes("http://images.invalid/a.png") == file())
        #expect(proxy.requests.first?.hasPrefix("GET http://images.invalid/a.png ") == true)
    }
}

@Suite struct RedirectTests {
    private func server() throws -> LoopbackServer {
        try LoopbackServer { path, _ in
            let hops = Int(path.dropFirst())
            return switch path {
            case "/0": Step.response("200 OK", [], file())
            case "/loop": Step.response("302 Found", ["Location: /loop"])
            case "/file": Step.response("302 Found", ["Location: file:///etc/hostname"])
            case "/ftp": Step.response("302 Found", ["Location: ftp://127.0.0.1/a"])
            case "/user": Step.response("302 Found", ["Location: http://name:secret@127.0.0.1/"])
            default: Step.response("302 Found", ["Location: /\((hops ?? 1) - 1)"])
            }
        }
    }

    @Test func fiveAreFollowed() async throws {
        let server = try server()
        #expect(try await Reading().bytes(server.url("/5")) == file())
    }

    @Test(arguments: ["/6", "/loop", "/file", "/ftp", "/user"])
    func othersAreErrorsAtOnce(path: String) async throws {
        let server = try server()
        let reading = Reading()
        let error = try await reading.failure(server.url(path))
        #expect(error.code == .unreadable)
        #expect(error.message.contains(server.url(path)))
        #expect(!error.message.contains("secret"))
        #expect(reading.delays.isEmpty)
    }
}

@Suite struct LimitTests {
    @Test(arguments: ["/announced", "/announced-soon", "/endless", "/chunked"])
    func aFileOverTheLimitIsGivenUp(path: String) async throws {
        let server = try LoopbackServer { path, _ in
            switch path {
            case "/announced": [.head(["HTTP/1.1 200 OK", "Content-Length: 9000000000000"]), .hang]
            case "/announced-soon": [.head(["HTTP/1.1 200 OK", "Content-Length: 4097"]), .body([1]), .hang]
            case "/endless": [.head(["HTTP/1.1 200 OK"]), .flood]
            default:
                [
                    .head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]),
                    .body(Array("1001\r\n".utf8) + file(count: 4097)), .hang,
                ]
            }
        }
        let reading = Reading()
        let error = try await reading.failure(server.url(path), maximumBytes: 4096)
        #expect(error.code == .limitExceeded)
        #expect(error.message.contains("4096"))
        #expect(reading.delays.isEmpty)
    }

    @Test func thePageOfARedirectIsNotTheFile() async throws {
        let server = try LoopbackServer { path, _ in
            switch path {
            case "/file": Step.response("200 OK", [], [1, 2, 3])
            case "/page": Step.response("302 Found", ["Location: /file"], file())
            default: [.head(["HTTP/1.1 302 Found", "Location: /file", "Content-Length: 2000000"]), .flood]
            }
        }
        #expect(try await Reading().bytes(server.url("/page"), maximumBytes: 3) == [1, 2, 3])
        let error = try await Reading().failure(server.url("/endless"), maximumBytes: 3)
        #expect(error.code == .unreadable && error.message.contains("the page of a redirect"), "\(error)")
    }

    @Test func aHeadWithoutEndIsGivenUp() async throws {
        let lines = Array(String(repeating: "X-Line: of a head that does not end\r\n", count: 20_000).utf8)
        let server = try LoopbackServer { path, _ in
            [.body(Array("HTTP/1.1 200 OK\r\n".utf8)), path == "/line" ? .flood : .body(lines), .hang]
        }
        let reading = Reading()
        for path in ["/lines", "/line"] { #expect(try await reading.failure(server.url(path)).code == .unreadable) }
        #expect(reading.delays.isEmpty)
    }

    @Test func aFileAtTheLimitIsRead() async throws {
        let server = try LoopbackServer { _, _ in Step.response("200 OK", [], file(count: 4096)) }
        #expect(try await Reading().bytes(server.url("/"), maximumBytes: 4096) == file(count: 4096))
        #expect(try await Reading().failure(server.url("/"), maximumBytes: 0).code == .limitExceeded)
    }

    @Test func anErrorPageIsNotTheFile() async throws {
        let server = try LoopbackServer { path, _ in
            let endless: [Step] = [.head(["HTTP/1.1 404 Not Found"]), .flood]
            return path == "/endless" ? endless : Step.response("404 Not Found", [], file())
        }
        let reading = Reading()
        for path in ["/long", "/long", "/endless"] {
            #expect(try await reading.failure(server.url(path), maximumBytes: 10).code == .notFound)
        }
    }
}

@Suite struct AddressTests {
    @Test func aUserInTheURLIsRefusedWithoutRepeatingIt() async throws {
        let error = try await Reading().failure("https://name:pass@127.0.0.1/a.png")
        #expect(error.code == .unreadable)
        #expect(error.message.contains("credentials"))
        #expect(!error.message.contains("name:") && !error.message.contains("pass@"))
    }

    @Test(arguments: ["http://", "http://host:port/", "http://ho st/", "http://127.0.0.1/a\0b"])
    func aMalformedURLIsRefused(url: String) async throws {
        #expect(try await Reading().failure(url).code == .unreadable)
    }

    /// Tests run in the C locale, in which libcurl does not convert names.
    @Test func aNameBeyondASCIIIsAnErrorThatSaysHowToWriteIt() async throws {
        let reading = Reading()
        let error = try await reading.failure("http://m\u{FC}nchen.invalid/a.png")
        #expect(error.code == .unreadable && error.message.contains("xn--"), "\(error)")
        #expect(reading.delays.isEmpty)
    }

    @Test func theQueryIsSentAndNotRepeated() async throws {
        let server = try LoopbackServer { _, _ in Step.response("403 Forbidden") }
        let error = try await Reading().failure(server.url("/a.png?signature=secret#part"))
        #expect(error.message.contains(server.url("/a.png?…")))
        #expect(!error.message.contains("secret"))
        #expect(server.requests.first?.hasPrefix("GET /a.png?signature=secret HTTP") == true)
    }
}
