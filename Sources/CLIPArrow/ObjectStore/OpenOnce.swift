internal import Synchronization

/// Values by name, each opened when it is first asked for, and once however many ask at a time.
package final class OpenOnce<Value: Sendable>: Sendable {
    private let open: @Sendable (String) async throws -> Value
    private let values = Mutex([String: Task<Value, any Error>]())

    /// Opens nothing yet.
    package init(_ open: @escaping @Sendable (String) async throws -> Value) {
        self.open = open
    }

    /// The value of a name; one that could not be opened is tried again by who asks later.
    ///
    /// - Throws: What opening throws.
    package func callAsFunction(_ name: String) async throws -> Value {
        let value = values.withLock { values in
            if let value = values[name] { return value }
            let value = Task { [open] in try await open(name) }
            values[name] = value
            return value
        }
        do {
            return try await value.value
        } catch {
            values.withLock { if $0[name] == value { $0[name] = nil } }
            throw error
        }
    }
}
