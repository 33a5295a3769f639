import CLIPCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the doubles of one run share: how they wait, when they interrupt the run, and what they saw.
final class Steps: Sendable {
    private struct State {
        var step = 0
        var isInterrupted = false
        var onInterruption: (@Sendable () -> Void)?
        var isOver = false
        var hanging = [CheckedContinuation<Void, Never>]()
        var busy = [Schedule.Stage: Int]()
    }

    let schedule: Schedule
    /// What happened; it outlives the doubles.
    let log = SightingLog()
    private let state = Mutex(State())

    init(_ schedule: Schedule) {
        self.schedule = schedule
    }

    /// Throws the planned failure if it is this one.
    func fail(_ fatal: Schedule.Fatal, _ code: CLIPError.Code) throws {
        guard schedule.fatal == fatal else { return }
        log.add { $0.hasFailed = true }
        throw CLIPError(code, Schedule.plannedReason)
    }

    /// Runs a call of a stage, and lets others go before it and after it.
    func during<Value>(_ stage: Schedule.Stage, _ body: () async throws -> Value) async rethrows -> Value {
        enter(stage)
        defer { leave(stage) }
        for _ in 0..<wait(stage) { await Task.yield() }
        let value = try await body()
        for _ in 0..<wait(stage) { await Task.yield() }
        return value
    }

    /// The same for a call that cannot be suspended.
    func blocking<Value>(_ stage: Schedule.Stage, _ body: () throws -> Value) rethrows -> Value {
        enter(stage)
        defer { leave(stage) }
        for _ in 0..<wait(stage) { sched_yield() }
        return try body()
    }

    /// Interrupts the run and hangs until ``end()``, if the schedule says so.
    func hang(_ moment: Schedule.Moment) async {
        guard schedule.interruption?.when == moment else { return }
        interrupt()
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.hanging.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Sets what interrupts the run, which is called at once if it should be interrupted already.
    func onInterruption(_ body: @escaping @Sendable () -> Void) {
        let isInterrupted = state.withLock { state in
            state.onInterruption = body
            return state.isInterrupted
        }
        if isInterrupted { body() }
    }

    /// Ends all calls that hang.
    func end() {
        let hanging = state.withLock { state in
            state.isOver = true
            state.onInterruption = nil
            defer { state.hanging = [] }
            return state.hanging
        }
        for continuation in hanging { continuation.resume() }
    }

    private func interrupt() {
        log.add { $0.isInterrupted = true }
        let body = state.withLock { state in
            state.isInterrupted = true
            return state.onInterruption
        }
        body?()
    }

    /// Counts a step, interrupts the run if it is the one, and returns how often to let others go first.
    private func wait(_ stage: Schedule.Stage) -> Int {
        let step = state.withLock { state in
            state.step += 1
            return state.step - 1
        }
        if schedule.interruption?.when == .step(step) { interrupt() }
        var random = SeededGenerator(seed: schedule.seed &* 1_000_003 &+ UInt64(step))
        return random.index(below: (schedule.patience[stage] ?? 0) + 1)
    }

    private func enter(_ stage: Schedule.Stage) {
        let count = state.withLock { state in
            state.busy[stage, default: 0] += 1
            return state.busy[stage] ?? 0
        }
        log.add { $0.busiest[stage] = max($0.busiest[stage] ?? 0, count) }
    }

    private func leave(_ stage: Schedule.Stage) {
        state.withLock { $0.busy[stage, default: 0] -= 1 }
    }
}
