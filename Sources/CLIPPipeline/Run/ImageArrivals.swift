internal import CLIPCore
internal import Synchronization

/// What comes to light about the images of a run, in the order in which it does, for the one task that waits for it.
final class ImageArrivals: Sendable {
    /// An image that the source named.
    enum Found: Sendable {
        /// What becomes of it is known without reading it.
        case settled(PreparedImage)
        case unread(ImageReference)
    }

    /// What has come since the last time.
    struct News: Sendable {
        var found = [Found]()
        var prepared = [(position: Int, image: PreparedImage)]()
        /// All images of the source, or what ended the walk over them.
        var end: Result<SourceWalk, any Error>?
        /// Whether a time that was set is over.
        var isTimeOver = false

        fileprivate func isEmpty(withFound: Bool) -> Bool {
            prepared.isEmpty && !isTimeOver && (!withFound || found.isEmpty && end == nil)
        }
    }

    private struct State {
        var news = News()
        var isClosed = false
        var receiver: (continuation: CheckedContinuation<Void, Never>, takesFound: Bool)?
        var finder: CheckedContinuation<Void, Never>?

        /// The one who waits, if there is something for them.
        mutating func takeReceiver() -> CheckedContinuation<Void, Never>? {
            guard let waiting = receiver, isClosed || !news.isEmpty(withFound: waiting.takesFound) else { return nil }
            receiver = nil
            return waiting.continuation
        }
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// Creates a place where at most `capacity` images that were found wait to be taken.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Adds an image of the source; waits while there are many.
    ///
    /// - Throws: `CancellationError` when nobody wants any more.
    func add(_ image: Found) async throws {
        let isFull = change { state in
            state.news.found.append(image)
            return state.news.found.count >= capacity
        }
        if isFull {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !state.isClosed, state.news.found.count >= capacity else { return false }
                    state.finder = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        }
        try Task.checkCancellation()
    }

    /// Adds what became of an image.
    func add(_ image: PreparedImage, at position: Int) {
        change { $0.news.prepared.append((position, image)) }
    }

    /// Says that the source has no more images.
    func end(with result: Result<SourceWalk, any Error>) {
        change { $0.news.end = result }
    }

    /// Says that a time is over.
    func endTime() {
        change { $0.news.isTimeOver = true }
    }

    /// Lets everyone go who waits.
    func close() {
        let finder = change { state in
            state.isClosed = true
            return state.finder.take()
        }
        finder?.resume()
    }

    /// Waits for news.
    ///
    /// - Parameter takesFound: Whether more images of the source, or its end, are wanted. Otherwise they stay, and the
    ///   source waits once there are many.
    /// - Returns: What has come, never nothing.
    /// - Throws: `CancellationError`.
    func next(takesFound: Bool) async throws -> News {
        while true {
            try Task.checkCancellation()
            if let news = take(withFound: takesFound) { return news }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let waits = state.withLock { state in
                        guard !state.isClosed, state.news.isEmpty(withFound: takesFound) else { return false }
                        state.receiver = (continuation, takesFound)
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                close()
            }
        }
    }

    private func take(withFound: Bool) -> News? {
        let (news, finder) = state.withLock { state in
            var news = state.news
            state.news = News()
            guard !withFound else { return (news, state.finder.take()) }
            swap(&news.found, &state.news.found)
            swap(&news.end, &state.news.end)
            return (news, nil)
        }
        finder?.resume()
        return news.isEmpty(withFound: withFound) ? nil : news
    }

    /// Changes the state and wakes the one who waits for that.
    @discardableResult
    private func change<Value>(_ body: (inout sending State) -> sending Value) -> Value {
        let (value, receiver) = state.withLock { state in
            let value = body(&state)
            return (value, state.takeReceiver())
        }
        receiver?.resume()
        return value
    }
}
