internal import CLIPCore

/// Turns the errors of a worker into its exit codes.
enum WorkerFailure {
    /// Calls what opens the model and other files.
    ///
    /// - Throws: `StatusError` for a `CLIPError`.
    static func asModel<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as CLIPError {
            let status = status(of: error)
            let isOfFile = [.workerInput, .workerStream].contains(status)
            throw StatusError(status: isOfFile ? .workerModel : status, error: error)
        }
    }

    /// Calls what answers the input.
    ///
    /// - Throws: `StatusError` for a `CLIPError`, without a message if there is nobody left to read the output.
    static func asRun<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as CLIPError {
            let isQuiet = error.code == .storage && Terminal.isOutputClosed
            throw StatusError(status: status(of: error), error: isQuiet ? nil : error)
        }
    }

    private static func status(of error: CLIPError) -> ExitStatus {
        switch error.code {
        case .corruptData, .unsupportedFormat, .limitExceeded, .notFound, .modelMismatch, .invalidEmbeddings:
            .workerInput
        case .invalidModel, .invalidCategoryFile, .invalidLabels: .workerModel
        case .unreadable, .storage: .workerStream
        case .outOfMemory: .workerMemory
        default: .workerInternal
        }
    }
}
