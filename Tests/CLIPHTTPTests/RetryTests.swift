import CLIPCore
import CLIPHTTP
import Testing

private let bytes = Array("the file".utf8)

@Suite struct RetryTests {
    @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
    func aStatusThatMayPassIsTriedAgain(status: Int) async throws {
        let server = try LoopbackServer { _, visit in
            visit < 3 ? Step.response("\(status) Wait") : Step.response("200 OK", [], bytes)
        }
        let reading = Reading()
        #expect(try await reading.bytes(server.url("/")) == bytes)
        #expect(reading.delays == [.seconds(0.5), .seconds(1)])
    }

    @Test(arguments: [(404, CLIPError.Code.notFound), (410, .notFound), (400, .unreadable), (403, .unreadable)])
    func otherStatusesAreErrorsAtOnce(status: Int, code: CLIPError.Code) async throws {
        let server = try LoopbackServer { _, _ in Step.response("\(status) No", ["Retry-After: 1"]) }
        let error = try await Reading().failure(server.url("/a.png"))
        #expect(error.code == code)
        #expect(error.message.hasPrefix("HTTP \(status) for \(server.url("/a.png"))"))
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [204, 206, 304])
    func aSuccessThatBringsNoFileIsAnError(status: Int) async throws {
        let server = try LoopbackServer { _, _ in [.head(["HTTP/1.1 \(status) X", "Content-Length: 0"])] }
        #expect(try await Reading().failure(server.url("/")).message.contains("HTTP \(status) "))
    }

    @Test func attemptsEndAndTheErrorSaysHowMany() async throws {
        let server = try LoopbackServer { _, _ in Step.response("503 Wait") }
        let reading = Reading { $0.retries = 2 }
        let error = try await reading.failure(server.url("/"))
        #expect(error.code == .unreadable)
        #expect(error.message.contains("HTTP 503") && error.message.contains("after 3 attempts"))
        #expect(server.requests.count == 3)
    }

    @Test(arguments: [
        [Step.close],
        [.hang],
        [.head(["HTTP/1.1 200 OK", "Content-Length: 100"]), .hang],
        [.head(["HTTP/1.1 200 OK", "Content-Length: 100"]), .body(bytes), .hang],
        [.head(["HTTP/1.1 200 OK", "Content-Length: 100"]), .body(bytes), .close],
        [.head(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"]), .body(Array("9\r\nabc".utf8)), .close],
    ])
    func aBrokenTransferIsTriedAgain(steps: [Step]) async throws {
        let server = try LoopbackServer { _, visit in
            visit == 1 ? steps : Step.response("200 OK", [], bytes)
        }
        // On a slow machine an answer may take as long as the silence that is not waited for: then it is tried again.
        let reading = Reading {
            $0.stallTimeout = .milliseconds(300)
            $0.retries = 1000
        }
        #expect(try await reading.bytes(server.url("/")) == bytes)
        #expect(reading.delays.first == .seconds(0.5))
    }

    @Test func silenceIsNamed() async throws {
        let server = try LoopbackServer { _, _ in [.hang] }
        let reading = Reading {
            $0.retries = 0
            $0.stallTimeout = .milliseconds(300)
        }
        let error = try await reading.failure(server.url("/"))
        #expect(error.message.hasSuffix("the server sent nothing for 0.3 s."))
    }

    @Test func aTransferThatGoesOnForeverIsEndedByTheTimeoutOfTheAttempt() async throws {
        let server = try LoopbackServer { _, _ in [.head(["HTTP/1.1 200 OK"]), .drip] }
        let reading = Reading {
            $0.retries = 1
            $0.attemptTimeout = .milliseconds(300)
        }
        let error = try await reading.failure(server.url("/"))
        #expect(error.code == .unreadable)
        #expect(error.message.contains("after 2 attempts"))
    }

    @Test func noConnectionIsTriedAgain() async throws {
        let port = try LoopbackPort()
        let reading = Reading()
        let error = try await reading.failure("http://127.0.0.1:\(port.number)/")
        #expect(error.message.contains("after 5 attempts"))
        #expect(reading.delays.count == 4)
    }

    @Test(arguments: [("0", 0.5), ("1", 1.0), ("7", 7.0), ("3600", 60.0), ("Fri, 01 Jan 2100 00:00:00 GMT", 60.0)])
    func theServersWishToWaitIsHonouredWithinBounds(field: String, seconds: Double) async throws {
        let server = try LoopbackServer { _, visit in
            visit == 1
                ? Step.response("429 Too Many Requests", ["Retry-After: \(field)"]) : Step.response("200 OK", [], bytes)
        }
        let reading = Reading()
        #expect(try await reading.bytes(server.url("/")) == bytes)
        #expect(reading.delays == [.seconds(seconds)])
    }

    @Test func delaysDoubleUpToTheirCapAndAreARandomPart() {
        var options = HTTPReader.Options()
        options.retries = 9
        func delays(_ part: Double) -> [Duration] {
            let policy = RetryPolicy(options: options, random: { part })
            return (1...10).compactMap { policy.delay(after: $0, .failed("", isTransient: true)) }
        }
        #expect(delays(1) == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
        #expect(delays(0.5) == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15].map { .seconds($0) })
    }
}

@Suite struct CancellationTests {
    private let started: AsyncStream<Void>
    private let starter: AsyncStream<Void>.Continuation

    init() {
        (started, starter) = AsyncStream.makeStream()
    }

    private func hangingServer() throws -> LoopbackServer {
        try LoopbackServer { [starter] _, _ in
            starter.yield()
            return [.hang]
        }
    }

    private func read(_ url: String, _ reader: HTTPReader) -> Task<Void, any Error> {
        Task {
            var buffer = [UInt8]()
            try await reader.read(url, maximumBytes: 100, into: &buffer)
        }
    }

    @Test func itEndsATransfer() async throws {
        let server = try hangingServer()
        let task = read(server.url("/"), Reading().reader)
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.requests.count == 1)
    }

    @Test func itEndsTheWaitForAConnection() async throws {
        let server = try hangingServer()
        let reading = Reading { $0.maximumConnections = 1 }
        let first = read(server.url("/"), reading.reader)
        for await _ in started { break }
        let second = read(server.url("/"), reading.reader)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(server.requests.count == 1)
    }

    @Test func itEndsTheWaitBeforeTheNextAttempt() async throws {
        let server = try LoopbackServer { _, _ in Step.response("503 Wait") }
        var options = HTTPReader.Options()
        options.proxy = ""
        let reader = HTTPReader(
            options,
            random: { 1 },
            sleep: { [starter] _ in
                starter.yield()
                try await Task.sleep(for: .seconds(3600))
            }
        )
        let task = read(server.url("/"), reader)
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
