/// One of several tasks that channels connect.
enum Stage {
    /// Runs one stage.
    ///
    /// `finally` closes the stage's channels however it ends, so that its neighbours end too.
    @concurrent
    static func run<Value: Sendable>(
        _ body: @Sendable () async throws -> Value,
        finally: @Sendable () async -> Void
    ) async -> Result<Value, any Error> {
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await finally()
        return result
    }

    /// The error that ended a stage; `nil` if it ended by itself.
    static func error<Value>(of result: Result<Value, any Error>) -> (any Error)? {
        if case .failure(let error) = result { error } else { nil }
    }

    /// The error that ended the stages, given those of all stages; `nil` if they ended by themselves.
    ///
    /// A stage that was stopped, or whose neighbour failed, ends with `CancellationError`, so any other error takes
    /// precedence. `CancellationError` is none if the stages were stopped.
    static func decisiveError(_ errors: [(any Error)?], isStopped: Bool) -> (any Error)? {
        let errors = errors.compactMap(\.self)
        return errors.first { !($0 is CancellationError) } ?? (isStopped ? nil : errors.first)
    }
}
