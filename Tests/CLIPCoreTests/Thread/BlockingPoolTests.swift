import CLIPCore
import Dispatch
import Synchronization
import TestSupport
import Testing

/// How many calls run, and how many ran at a time at most.
private final class Meter: Sendable {
    private let counts = Mutex([0, 0])

    var most: Int { counts.withLock { $0[1] } }

    func enter() { counts.withLock { $0 = [$0[0] + 1, max($0[1], $0[0] + 1)] } }

    func leave() { counts.withLock { $0[0] -= 1 } }
}

@Suite struct BlockingPoolTests {
    @Test func valuesAndErrorsComeBack() async throws {
        let pool = BlockingPool(threads: 2)
        #expect(try await pool.run { 7 } == 7)
        await #expect(throws: CLIPError.self) {
            try await pool.run { () throws -> Int in throw CLIPError(.unreadable, "no") }
        }
    }

    @Test(arguments: [0, 1])
    func aPoolNeedsOneThreadAndGoesOnWithThoseThereAre(_ available: Int) async throws {
        let rest = Mutex(available)
        let pool = BlockingPool(threads: 3) { body in
            let isLeft = rest.withLock { rest in
                rest -= 1
                return rest >= 0
            }
            guard isLeft else { throw CLIPError(.limitExceeded, "no thread") }
            try SystemThread.start(body)
        }
        for _ in 0..<4 {
            if available > 0 {
                #expect(try await pool.run { 7 } == 7)
            } else {
                let error = await #expect(throws: CLIPError.self) { try await pool.run { 7 } }
                #expect(error?.code == .unreadable && error?.message == "no thread")
            }
        }
    }

    @Test func noMoreCallsRunAtATimeThanThereAreThreads() async throws {
        let pool = BlockingPool(threads: 3)
        let meter = Meter()
        let three = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup { group in
            for _ in 0..<12 {
                group.addTask {
                    try await pool.run {
                        meter.enter()
                        three.signal()
                        goOn.wait()
                        meter.leave()
                    }
                }
            }
            // The three first calls wait for each other, so that they do run at the same time.
            try await BlockingPool(threads: 1).run {
                for _ in 0..<3 { three.wait() }
                for _ in 0..<12 { goOn.signal() }
            }
            try await group.waitForAll()
        }
        #expect(meter.most == 3)
    }

    @Test func aCancelledTaskStopsWaitingForAThread() async throws {
        let pool = BlockingPool(threads: 1)
        let isBusy = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let busy = Task {
            try await pool.run {
                isBusy.signal()
                goOn.wait()
            }
        }
        try await BlockingPool(threads: 1).run { isBusy.wait() }
        let meter = Meter()
        let waiting = Task { try await pool.run { meter.enter() } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        goOn.signal()
        try await busy.value
        #expect(meter.most == 0)
    }

    @Test func aCancelledTaskDoesNotWaitForACallThatHangs() async throws {
        let pool = BlockingPool(threads: 1)
        let hangs = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let (ends, end) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await pool.run {
                hangs.signal()
                goOn.wait()
                end.finish()
            }
        }
        try await BlockingPool(threads: 1).run { hangs.wait() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The call goes on, and its thread makes the next one.
        goOn.signal()
        for await _ in ends {}
        #expect(try await pool.run { 7 } == 7)
    }

    @Test func aThreadThatIsFreeMakesTheNextCall() async throws {
        let started = Mutex(0)
        let pool = BlockingPool(threads: 8) { body in
            started.withLock { $0 += 1 }
            try SystemThread.start(body)
        }
        let twoRun = Barrier(2)
        for _ in 0..<8 { try await pool.run {} }
        #expect(started.withLock(\.self) < 8)
        // Where none is free, another one starts: these two calls wait for each other.
        async let first: Void = pool.run { twoRun.wait() }
        async let second: Void = pool.run { twoRun.wait() }
        _ = try await (first, second)
    }
}
