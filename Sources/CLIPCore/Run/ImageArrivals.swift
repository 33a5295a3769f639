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

        fileprivate var isEmpty: Bool { found.isEmpty && prepared.isEmpty && end == nil && !isTimeOver }
    }

    private struct State {
        var news = News()
        var isClosed = false
        var receiver: CheckedContinuation<Void, Never>?
        var finder: CheckedContinuation<Void, Never>?
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
    /// - Throws: `CancellationError`.
    func next() async throws -> News {
        while true {
            try Task.checkCancellation()
            if let news = take() { return news }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let waits = state.withLock { state in
                        guard !state.isClosed, state.news.isEmpty else { return false }
                        state.receiver = continuation
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                close()
            }
        }
    }

    private func take() -> News? {
        let (news, finder) = state.withLock { state in
            let news = state.news
            state.news = News()
            return (news, state.finder.take())
        }
        finder?.resume()
        return news.isEmpty ? nil : news
    }

    /// Changes the state and wakes the one who waits for that.
    @discardableResult
    private func change<Value>(_ body: (inout sending State) -> sending Value) -> Value {
        let (value, receiver) = state.withLock { state in
            let value = body(&state)
            return (value, state.receiver.take())
        }
        receiver?.resume()
        return value
    }
}
