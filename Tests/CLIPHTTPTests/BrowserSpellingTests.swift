import CLIPCore
import CLIPHTTP
import CLIPPipeline
import Testing

/// URLs as people write them, read as browsers read them.
@Suite struct BrowserSpellingTests {
    @Test(arguments: [
        ("/a b\u{FC}.jpg", "/a%20b%C3%BC.jpg"), ("/ok.jpg ", "/ok.jpg"), ("/ok.jpg\t \r", "/ok.jpg"),
        ("/a%20b.jpg", "/a%20b.jpg"), ("/100%.jpg", "/100%.jpg"), ("/%zz.jpg", "/%zz.jpg"),
        ("/\u{732B}/\u{1F600}.png", "/%E7%8C%AB/%F0%9F%98%80.png"), ("/a\"<>`{}^.png", "/a%22%3C%3E%60%7B%7D%5E.png"),
        ("/a|[1](2)'.png", "/a|[1](2)'.png"), ("/a\\b.png", "/a/b.png"), ("/a\tb\nc.png", "/abc.png"),
        ("/a?q=x y&r=\u{FC}", "/a?q=x%20y&r=%C3%BC"), ("/a?q='{}`\\^", "/a?q=%27{}`\\^"), ("/a?b?c=#d e", "/a?b?c="),
        ("/a?u=http://b/c d", "/a?u=http://b/c%20d"), ("?q=1", "/?q=1"), ("/a+b&c=d;e.jpg", "/a+b&c=d;e.jpg"),
    ])
    func whatIsAskedForIsWhatABrowserAsksFor(written: String, asked: String) async throws {
        let server = try LoopbackServer { _, _ in Step.response("200 OK", [], [1]) }
        let url = server.url("") + written
        #expect(try await Reading().bytes(url) == [1])
        #expect(try await Reading().bytes("  " + "HTTP" + url.dropFirst(4)) == [1])
        let lines = server.requests.map { $0.split(separator: "\r\n").first }
        #expect(lines == ["GET \(asked) HTTP/1.1", "GET \(asked) HTTP/1.1"])
    }

    @Test func theIDOfAListedURLIsWhatWasWritten() async throws {
        let server = try LoopbackServer { _, _ in Step.response("200 OK", [], [1]) }
        let urls = [" " + server.url("/a b\u{FC}.jpg"), server.url("/ok.jpg ").replacing("http", with: "HTTP")]
        let source = ListSource(paths: urls, locations: ImageLocations(readers: [Reading().reader]))
        var images = try source.makeIterator()
        for url in urls {
            let image = try #require(try await images.next())
            #expect(image.id == url)
            #expect(try await image.bytes() == [1])
        }
        #expect(server.requests.count == 2)
    }

    @Test func aRedirectIsSpeltTheSameWay() async throws {
        let server = try LoopbackServer { path, _ in
            path == "/" ? Step.response("302 Found", ["Location: /b \u{FC}.png "]) : Step.response("200 OK", [], [1])
        }
        #expect(try await Reading().bytes(server.url("/")) == [1])
        #expect(server.requests.last?.lowercased().hasPrefix("get /b%20%c3%bc.png http") == true)
    }
}

/// Responses that are not what was asked for, and have the file.
@Suite struct UnaskedResponseTests {
    /// "hello" fifty times, compressed by gzip, as zlib data, as a bare deflate stream and by Brotli.
    private static let hello = Array(String(repeating: "hello", count: 50).utf8)
    private static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 207, 24, 137, 4, 0, 59, 106, 1, 78, 250, 0, 0, 0,
    ]
    private static let compressed: [(encoding: String, bytes: [UInt8])] = [
        ("gzip", gzip), ("x-gzip", gzip),
        ("deflate", [120, 218, 203, 72, 205, 201, 201, 207, 24, 137, 4, 0, 240, 10, 103, 233]),
        ("deflate", [203, 72, 205, 201, 201, 207, 24, 137, 4, 0]),
        ("br", [27, 249, 0, 248, 165, 203, 208, 216, 222, 196, 106, 81, 192, 75, 106]),
    ]

    @Test(arguments: compressed.indices)
    func compressionIsUndone(index: Int) async throws {
        let (encoding, bytes) = Self.compressed[index]
        let server = try LoopbackServer { _, _ in
            Step.response("200 OK", ["Content-Encoding: \(encoding)"], bytes)
        }
        #expect(try await Reading().bytes(server.url("/")) == Self.hello)
        #expect(server.requests.count == 1)
        #expect(server.requests[0].contains("Accept-Encoding: identity\r\n"))
    }

    @Test(arguments: ["gzip", "aws-chunked", "utf-8", "deflate"])
    func aFileThatIsNotCompressedAsTheServerSaysIsTakenAsItIs(encoding: String) async throws {
        let server = try LoopbackServer { _, _ in
            Step.response("200 OK", ["Content-Encoding: \(encoding)"], Self.hello)
        }
        #expect(try await Reading().bytes(server.url("/")) == Self.hello)
    }

    @Test(arguments: [gzip, Array("more".utf8)])
    func moreAfterTheCompressedDataIsAnErrorThatSaysSo(rest: [UInt8]) async throws {
        let server = try LoopbackServer { _, _ in
            Step.response("200 OK", ["Content-Encoding: gzip"], Self.gzip + rest)
        }
        let reading = Reading()
        let error = try await reading.failure(server.url("/"))
        #expect(error.code == .unreadable && error.message.contains("after the end of the compressed data"))
        #expect(server.requests.count == 1 && reading.delays.isEmpty)
    }

    @Test func theLimitHoldsForWhatIsUnpacked() async throws {
        let server = try LoopbackServer { _, _ in Step.response("200 OK", ["Content-Encoding: gzip"], Self.gzip) }
        #expect(try await Reading().failure(server.url("/"), maximumBytes: 249).code == .limitExceeded)
        #expect(try await Reading().bytes(server.url("/"), maximumBytes: 250) == Self.hello)
    }

    @Test(arguments: [
        ("Content-Range: bytes 0-249/250", true), ("content-range:bytes 0-249/250", true),
        ("Content-Range: bytes 0-249/251", false), ("Content-Range: bytes 1-249/250", false),
        ("Content-Range: bytes 0-249/*", false), ("X-Range: none", false),
    ])
    func aRangeThatIsTheWholeFileIsTheFile(field: String, isWhole: Bool) async throws {
        let server = try LoopbackServer { _, _ in Step.response("206 Partial Content", [field], Self.hello) }
        if isWhole {
            #expect(try await Reading().bytes(server.url("/")) == Self.hello)
        } else {
            #expect(try await Reading().failure(server.url("/")).message.contains("HTTP 206"))
        }
    }
}
