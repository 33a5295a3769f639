internal import CTorch
internal import Synchronization

/// Forwards libtorch's warnings to the handler of ``TorchRuntime/setWarningHandler(_:)``.
enum TorchWarnings {
    typealias Handler = @Sendable (String) -> Void

    private static let handler = Mutex<Handler?>(nil)

    static func setHandler(_ handler: Handler?) {
        self.handler.withLock { $0 = handler }
    }

    /// Registers for libtorch's warnings, and loads libtorch to do so.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` or `inference`.
    static func route() throws {
        try TorchCall.check("Cannot take the warnings of libtorch") {
            ltc_set_warning_handler({ text, _ in TorchWarnings.report(String(cString: text)) }, nil, $0)
        }
    }

    private static func report(_ text: String) {
        handler.withLock(\.self)?(text)
    }
}
