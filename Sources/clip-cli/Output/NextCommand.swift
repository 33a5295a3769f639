internal import CLIPPipeline

/// A command that continues what another has begun, as text for the terminal: only options that it needs.
struct NextCommand {
    private let words: [String]

    /// - Parameters:
    ///   - name: The command's name.
    ///   - arguments: What is not an option, for example a store.
    ///   - options: Names and values of options; those without a value are left out.
    init(_ name: String, _ arguments: [String], _ options: [(name: String, value: String?)]) {
        words = ["clip-cli", name] + arguments + options.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }

    var text: String { words.map(\.shellWord).joined(separator: " ") }
}
