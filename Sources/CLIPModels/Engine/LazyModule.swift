internal import Synchronization

/// An encoder that is loaded on first use.
final class LazyModule: Sendable {
    private let module = Mutex<(any EncoderModule)?>(nil)
    private let load: @Sendable () throws -> any EncoderModule

    init(_ load: @escaping @Sendable () throws -> any EncoderModule) {
        self.load = load
    }

    /// The encoder; concurrent callers wait while it is loaded.
    ///
    /// - Throws: What loading throws; the next call tries again.
    func loaded() throws -> any EncoderModule {
        try module.withLock { module in
            if let module { return module }
            let new = try load()
            module = new
            return new
        }
    }
}
