import CFakeNetwork
import CLIPCore
import CLIPHTTP
import Testing

@Suite(.enabled(if: cfakenetwork_works())) struct SlowLookupTests {
    /// libcurl waits for the thread that looks a name up when a transfer ends before it, unless it is told not to.
    @Test func aLookupThatTakesLongHoldsUpNobodyElse() async throws {
        let started = AsyncStream.makeStream(of: Void.self)
        let gate = Gate(2)
        let server = try LoopbackServer { path, _ in
            if path == "/under-way" { started.continuation.yield() }
            return (path == "/under-way" ? [.meet(gate)] : []) + Step.response("200 OK", [], [1, 2, 3])
        }
        let reading = Reading()
        async let underWay = reading.bytes(server.url("/under-way"))
        for await _ in started.stream { break }
        let slow = Task { try await reading.bytes("http://slow.test/a.png") }
        while cfakenetwork_waiting() == 0 { try await Task.sleep(for: .milliseconds(5)) }
        slow.cancel()
        await #expect(throws: CancellationError.self) { try await slow.value }
        #expect(try await reading.bytes(server.url("/other")) == [1, 2, 3])
        gate.pass()
        #expect(try await underWay == [1, 2, 3])
        #expect(cfakenetwork_waiting() == 1, "the lookup was waited for")
        cfakenetwork_release()
    }
}

@Suite struct TransferDeadlinesTests {
    private let start = ContinuousClock.now

    @Test func silenceCountsWhileTheLoopIsInTime() {
        var deadlines = TransferDeadlines(start: start, longestTurn: .seconds(2))
        for second in 1...100 { deadlines.turn(at: start + .seconds(second)) }
        #expect(deadlines.since == start)
    }

    @Test func silenceBeforeALateTurnDoesNotCount() {
        var deadlines = TransferDeadlines(start: start, longestTurn: .seconds(2))
        deadlines.turn(at: start + .seconds(1))
        deadlines.turn(at: start + .seconds(46))
        deadlines.turn(at: start + .seconds(47))
        #expect(deadlines.since == start + .seconds(46))
    }
}
