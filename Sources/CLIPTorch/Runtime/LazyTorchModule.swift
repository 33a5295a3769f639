internal import Synchronization

/// A module that is loaded when it is first needed.
final class LazyTorchModule: Sendable {
    private let module = Mutex<TorchModule?>(nil)
    private let load: @Sendable () throws -> TorchModule

    init(_ load: @escaping @Sendable () throws -> TorchModule) {
        self.load = load
    }

    /// The module; others wait while one loads it.
    ///
    /// - Throws: What loading it throws; the next call tries again.
    func loaded() throws -> TorchModule {
        try module.withLock { module in
            if let module { return module }
            let new = try load()
            module = new
            return new
        }
    }
}
