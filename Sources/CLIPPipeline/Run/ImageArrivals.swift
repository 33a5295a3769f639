internal import CLIPCore
internal import Synchronization

/// Collects events about the images of a run, in order of arrival, for the one task that consumes them.
final class ImageArrivals: Sendable {
    /// An image found in the source.
    enum Found: Sendable {
        /// Its outcome is known without reading it.
        case settled(PreparedImage)
        case unread(ImageReference)

        /// The number of bytes in memory until the image is read.
        var heldByteCount: Int {
            switch self {
            case .settled: 0
            case .unread(let image): image.heldByteCount
            }
        }
    }

    /// The events since the last call.
    struct News: Sendable {
        var found = [Found]()
        var prepared = [(position: Int, image: PreparedImage)]()
        /// All images of the source, or the error that ended the walk.
        var end: Result<SourceWalk, any Error>?
        /// Whether a timeout has expired.
        var isTimeOver = false

        fileprivate func isEmpty(withFound: Bool) -> Bool {
            prepared.isEmpty && !isTimeOver && (!withFound || found.isEmpty && end == nil)
        }
    }

    private struct State {
        var news = News()
        /// The number of bytes that the found images hold in memory.
        var heldByteCount = 0
        var isClosed = false
        var receiver: (continuation: CheckedContinuation<Void, Never>, takesFound: Bool)?
        var finder: CheckedContinuation<Void, Never>?

        /// The waiting task, if there is an event for it.
        mutating func takeReceiver() -> CheckedContinuation<Void, Never>? {
            guard let waiting = receiver, isClosed || !news.isEmpty(withFound: waiting.takesFound) else { return nil }
            receiver = nil
            return waiting.continuation
        }
    }

    /// The number of bytes that found images may hold in memory; one image may exceed it.
    private static let maximumHeldBytes = 64 << 20

    private let capacity: Int
    private let state = Mutex(State())

    /// Creates a collector that holds at most `capacity` found images, or fewer large ones that are in memory.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Adds an image of the source; suspends while the collector is full.
    ///
    /// - Throws: `CancellationError` if the images are no longer needed.
    func add(_ image: Found) async throws {
        let mustWait = change { state in
            state.news.found.append(image)
            state.heldByteCount += image.heldByteCount
            return isFull(state)
        }
        if mustWait {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !state.isClosed, isFull(state) else { return false }
                    state.finder = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        }
        try Task.checkCancellation()
    }

    /// Adds the outcome of an image.
    func add(_ image: PreparedImage, at position: Int) {
        change { $0.news.prepared.append((position, image)) }
    }

    /// Reports that the source has no more images.
    func end(with result: Result<SourceWalk, any Error>) {
        change { $0.news.end = result }
    }

    /// Reports that a timeout has expired.
    func endTime() {
        change { $0.news.isTimeOver = true }
    }

    /// Resumes every waiting task.
    func close() {
        let finder = change { state in
            state.isClosed = true
            return state.finder.take()
        }
        finder?.resume()
    }

    /// Waits for events.
    ///
    /// - Parameter takesFound: Whether to also take found images or the end of the source. Otherwise they remain, and
    ///   the source is suspended once the collector is full.
    /// - Returns: At least one event.
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
            guard !withFound else {
                state.heldByteCount = 0
                return (news, state.finder.take())
            }
            swap(&news.found, &state.news.found)
            swap(&news.end, &state.news.end)
            return (news, nil)
        }
        finder?.resume()
        return news.isEmpty(withFound: withFound) ? nil : news
    }

    private func isFull(_ state: State) -> Bool {
        state.news.found.count >= capacity || state.heldByteCount >= Self.maximumHeldBytes
    }

    /// Changes the state and resumes the task that waits for the change.
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
