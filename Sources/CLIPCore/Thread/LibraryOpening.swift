internal import Synchronization

/// Large libraries are opened one at a time.
///
/// Opening OpenBLAS changes an environment variable for a moment, and libtorch reads others when it is opened: on two threads at
/// once, one could read memory that the other has freed.
package enum LibraryOpening {
    private static let lock = Mutex(())

    /// Opens a library while no other one is opened.
    ///
    /// - Parameter open: Opens it, and must not call this again.
    /// - Returns: What `open` returns.
    /// - Throws: What `open` throws.
    package static func alone<Value, Failure: Error>(_ open: () throws(Failure) -> Value) throws(Failure) -> Value {
        // The value is the caller's, whom the lock does not concern.
        nonisolated(unsafe) var value: Value?
        try lock.withLock { (_) throws(Failure) in value = try open() }
        guard let value else { preconditionFailure("what was opened without an error has a value") }
        return value
    }
}
