internal import Synchronization

/// Buffers that are not in use, kept for the next who needs one.
final class FreeList<Buffer: Sendable>: Sendable {
    private let buffers = Mutex([Buffer]())

    /// A buffer that was given back, or `nil` when there is none.
    func take() -> Buffer? {
        buffers.withLock { $0.popLast() }
    }

    /// Keeps a buffer for later.
    func give(_ buffer: Buffer) {
        buffers.withLock { $0.append(buffer) }
    }
}
