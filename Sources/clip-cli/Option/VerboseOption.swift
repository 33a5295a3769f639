internal import ArgumentParser
internal import CLIPTorch

/// Whether a command that loads a model also prints libtorch's warnings.
struct VerboseOption: ParsableArguments {
    @Flag(help: "Also print libtorch's warnings.")
    var verbose = false

    /// Starts printing warnings.
    func apply() {
        apply { Terminal.printError("warning: \(Text.printable($0))") }
    }

    /// Starts passing warnings to `show`, on any thread.
    func apply(_ show: @escaping @Sendable (String) -> Void) {
        guard verbose else { return }
        TorchRuntime.setWarningHandler { show("libtorch: \($0)") }
    }
}
