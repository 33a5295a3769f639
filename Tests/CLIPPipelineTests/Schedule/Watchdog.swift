import CLIPCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Gives up waiting for what does not end.
///
/// It counts the turns of a thread of its own instead of looking at a clock, so that a process that was stopped is not
/// taken for one that hangs.
final class Watchdog: Sendable {
    private struct State {
        var turns = 0
        var onTimeout: (@Sendable () -> Void)?
        var isOver = false
    }

    private static let turnsPerSecond = 10
    private let state = Mutex(State())

    /// Starts a thread, which ends with ``end()``.
    init(seconds: Int) throws {
        try SystemThread.start { [self] in
            while true {
                usleep(UInt32(1_000_000 / Self.turnsPerSecond))
                let (isOver, onTimeout) = state.withLock { state in
                    state.turns += 1
                    let isTime = state.turns >= seconds * Self.turnsPerSecond
                    return (state.isOver, isTime ? state.onTimeout.take() : nil)
                }
                if isOver { return }
                onTimeout?()
            }
        }
    }

    /// The value of `body`, or `nil` if it takes too long; it then goes on unobserved.
    func wait<Value: Sendable>(for body: @escaping @Sendable () async -> Value) async -> Value? {
        let (values, continuation) = AsyncStream<Value?>.makeStream()
        state.withLock { state in
            state.turns = 0
            state.onTimeout = { continuation.yield(nil) }
        }
        Task { continuation.yield(await body()) }
        for await value in values { return value }
        return nil
    }

    func end() {
        state.withLock { $0.isOver = true }
    }
}
