internal import Synchronization

/// Serialises the loading of large libraries.
///
/// Loading OpenBLAS temporarily changes an environment variable, and libtorch reads environment variables when it
/// loads. If both loaded at the same time, one could read memory that the other has freed.
package enum LibraryOpening {
    private static let lock = Mutex(())

    /// Loads a library while no other one is being loaded.
    ///
    /// - Parameter open: Loads the library. Must not call this method.
    /// - Returns: What `open` returns.
    /// - Throws: What `open` throws.
    package static func alone<Value, Failure: Error>(_ open: () throws(Failure) -> Value) throws(Failure) -> Value {
        // The value belongs to the caller and is not protected by the lock.
        nonisolated(unsafe) var value: Value?
        try lock.withLock { (_) throws(Failure) in value = try open() }
        guard let value else { preconditionFailure("opening without an error must set the value") }
        return value
    }
}
