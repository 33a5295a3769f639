internal import Synchronization

/// Unused buffers, kept for reuse.
final class FreeList<Buffer: Sendable>: Sendable {
    private let buffers = Mutex([Buffer]())

    /// A returned buffer, or `nil` if there is none.
    func take() -> Buffer? {
        buffers.withLock { $0.popLast() }
    }

    /// Returns a buffer for reuse.
    func give(_ buffer: Buffer) {
        buffers.withLock { $0.append(buffer) }
    }
}
