internal import Synchronization

/// A module that is loaded on first use.
final class LazyTorchModule: Sendable {
    private let module = Mutex<TorchModule?>(nil)
    private let load: @Sendable () throws -> TorchModule

    init(_ load: @escaping @Sendable () throws -> TorchModule) {
        self.load = load
    }

    /// The module; concurrent callers wait while it is loaded.
    ///
    /// - Throws: What loading throws; the next call tries again.
    func loaded() throws -> TorchModule {
        try module.withLock { module in
            if let module { return module }
            let new = try load()
            module = new
            return new
        }
    }
}
