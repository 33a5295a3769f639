internal import Synchronization

/// Unused buffers, kept for reuse.
package final class FreeList<Buffer: Sendable>: Sendable {
    private let buffers = Mutex([Buffer]())

    /// Creates an empty list.
    package init() {}

    /// A returned buffer, or `nil` if there is none.
    package func take() -> Buffer? {
        buffers.withLock { $0.popLast() }
    }

    /// Returns a buffer for reuse.
    package func give(_ buffer: Buffer) {
        buffers.withLock { $0.append(buffer) }
    }
}
