/// The events of a run that executes during the iteration; see ``EmbeddingRun/events(imageCount:control:)``.
struct RunEvents: AsyncSequence, Sendable {
    let run: EmbeddingRun
    let imageCount: Int?
    let control: RunControl

    /// Prepares a run that starts when the first event is requested.
    func makeAsyncIterator() -> Iterator {
        Iterator(events: self)
    }

    /// Iterates over the events of one run.
    struct Iterator: AsyncIteratorProtocol {
        private let events: RunEvents
        private var running: Running?
        private var isOver = false

        init(events: RunEvents) {
            self.events = events
        }

        /// The next event, or `nil` after the last.
        ///
        /// - Throws: What ``EmbeddingRun/run(imageCount:control:)`` throws.
        mutating func next() async throws -> RunEvent? {
            guard !isOver else { return nil }
            let current = running ?? Running(events)
            running = current
            do {
                let event = try await current.next()
                if case .finished = event { isOver = true }
                return event
            } catch {
                isOver = true
                throw error
            }
        }
    }

    /// The task of a run, cancelled when the iterator is released.
    private final class Running {
        private let queue = RunEventQueue()
        private let task: Task<Void, Never>

        init(_ events: RunEvents) {
            task = Task { [queue] in
                do {
                    let summary = try await events.run.run(events.imageCount, events.control) { await queue.add($0) }
                    queue.end(with: .success(summary))
                } catch {
                    queue.end(with: .failure(error))
                }
            }
        }

        func next() async throws -> RunEvent {
            try await withTaskCancellationHandler {
                try await queue.next()
            } onCancel: { [task] in
                task.cancel()
            }
        }

        deinit {
            task.cancel()
            queue.close()
        }
    }
}
