/// Preparation, encoding and writing, and the channels between them.
struct StageChain<Prepared: Sendable, Encoded: Sendable>: Sendable {
    let control: RunControl
    let prepared: BatchChannel<Prepared>
    let encoded: BatchChannel<Encoded>
    /// Ends the preparation, which may be waiting for a slow read, after a later stage has ended.
    private let ending = RunControl()

    /// Creates a chain.
    ///
    /// - Parameters:
    ///   - control: Stops it.
    ///   - capacity: The number of batches that each channel holds.
    init(control: RunControl, capacity: Int) {
        self.control = control
        prepared = BatchChannel(capacity: capacity)
        encoded = BatchChannel(capacity: capacity)
    }

    /// How the stages ended.
    struct Outcome<Preparation: Sendable, Writing: Sendable>: Sendable {
        let preparation: Result<Preparation, any Error>
        let writing: Result<Writing, any Error>
        /// The error that ended the stages; `nil` if they ended by themselves or were stopped.
        let error: (any Error)?
        /// Whether all stages ended by themselves.
        let isComplete: Bool
    }

    /// Runs the stages until all have ended.
    ///
    /// A stage that ends, in whatever way, closes its channels, so that its neighbours end too.
    func run<Preparation: Sendable, Writing: Sendable>(
        prepare: @escaping @Sendable () async throws -> Preparation,
        encode: @Sendable () async throws -> Void,
        write: @Sendable () async throws -> Writing
    ) async -> Outcome<Preparation, Writing> {
        async let preparing = Self.result {
            try await control.whileNotStopped { try await ending.whileNotStopped(prepare) }
        } finally: {
            await prepared.close()
        }
        async let encoding = Self.result(of: encode) {
            ending.stop()
            await prepared.close()
            await encoded.close()
        }
        async let writing = Self.result(of: write) {
            ending.stop()
            await encoded.close()
        }
        let (preparation, encodingResult, writingResult) = await (preparing, encoding, writing)
        let errors = [Self.error(of: preparation), Self.error(of: encodingResult), Self.error(of: writingResult)]
            .compactMap(\.self)
        // A stage that was stopped, or whose neighbour failed, ends with `CancellationError`.
        let cause = errors.first { !($0 is CancellationError) } ?? (control.isStopped ? nil : errors.first)
        return Outcome(preparation: preparation, writing: writingResult, error: cause, isComplete: errors.isEmpty)
    }

    @concurrent
    private static func result<Value: Sendable>(
        of stage: @Sendable () async throws -> Value,
        finally: @Sendable () async -> Void
    ) async -> Result<Value, any Error> {
        let result: Result<Value, any Error>
        do {
            result = .success(try await stage())
        } catch {
            result = .failure(error)
        }
        await finally()
        return result
    }

    private static func error<Value>(of result: Result<Value, any Error>) -> (any Error)? {
        if case .failure(let error) = result { error } else { nil }
    }
}
