internal import Synchronization

/// Passes events from a run to the task that iterates over them.
///
/// Progress that was not consumed is replaced by newer progress. Failures are kept, and the run is suspended while many
/// are pending.
final class RunEventQueue: Sendable {
    private static let capacity = 256

    private struct State {
        var events = [RunEvent]()
        var result: Result<RunSummary, any Error>?
        var isClosed = false
        var sender: CheckedContinuation<Void, Never>?
        var receiver: CheckedContinuation<Void, Never>?

        var isFull: Bool { !isClosed && events.count >= capacity }
        var isReady: Bool { !events.isEmpty || result != nil }

        mutating func add(_ event: RunEvent) {
            if case .progress = event, case .progress = events.last { events.removeLast() }
            events.append(event)
        }
    }

    private let state = Mutex(State())

    /// Adds an event; suspends while many are pending.
    func add(_ event: RunEvent) async {
        change { $0.add(event) }
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if state.isFull { state.sender = continuation }
                return state.isFull
            }
            if !waits { continuation.resume() }
        }
    }

    /// Sets the outcome of the run.
    func end(with result: Result<RunSummary, any Error>) {
        change { $0.result = result }
    }

    /// Reports that events are no longer consumed.
    func close() {
        change { $0.isClosed = true }
    }

    /// Waits for the next event.
    ///
    /// - Throws: The error that ended the run.
    func next() async throws -> RunEvent {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if !state.isReady { state.receiver = continuation }
                return !state.isReady
            }
            if !waits { continuation.resume() }
        }
        var event: RunEvent?
        change { state in
            if !state.events.isEmpty { event = state.events.removeFirst() }
        }
        if let event { return event }
        guard let result = state.withLock(\.result) else { preconditionFailure("one task asks for events") }
        return .finished(try result.get())
    }

    /// Changes the state and resumes the tasks that wait for the change.
    private func change(_ body: (inout State) -> Void) {
        let (sender, receiver) = state.withLock { state in
            body(&state)
            return (state.isFull ? nil : state.sender.take(), state.isReady ? state.receiver.take() : nil)
        }
        sender?.resume()
        receiver?.resume()
    }
}
