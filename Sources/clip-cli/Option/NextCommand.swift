internal import CLIPCore
internal import CLIPPipeline
internal import CLIPTorch

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

extension ScoringOptions {
    /// These options for another command that scores with a category file, whose rules learn from `labels` unless
    /// `--exemplars` says otherwise.
    func options(for file: CategoryFile, labels: String? = nil) -> [(name: String, value: String?)] {
        let learns = file.categories.contains { file.rule(of: $0).learnsFromImages }
        return [
            ("--exemplars", learns ? exemplars.exemplars ?? labels : nil),
            ("--exemplar-store", learns ? exemplars.exemplarStore : nil), model.option,
        ]
    }
}

extension ModelOptions {
    /// The model as an option of another command, without a value if it is the default.
    var option: (name: String, value: String?) { ("--model", model == ModelLibrary.defaultName ? nil : model) }
}
