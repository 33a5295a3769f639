internal import ArgumentParser
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPTorch
internal import FoundationEssentials

struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Look for likely mistakes in a category file.",
        discussion: """
            Prints file:line:column, how much it matters, what was found and which check found it. Looks at the words and, with a model, at what they mean to it: descriptions that are cut off, are nearer to the negatives, or say the same.

            Exit codes: 0 nothing found but notes, 1 warnings or errors found, 2 wrong use, 3 cannot run.
            """
    )

    @Argument(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Flag(help: "Look at the words alone, without a model.")
    var textOnly = false

    @Flag(help: "Print one JSON object a finding.")
    var json = false

    @OptionGroup var model: ModelOptions

    private struct Line: Encodable {
        let file: String
        let line: Int?
        let column: Int?
        let severity: String
        let rule: String
        let category: String?
        let message: String
    }

    func run() async throws {
        let lint = try PromptLint(contentsOf: categories)
        let findings = textOnly ? lint.findings() : try await findings(lint, model.bundle())
        for finding in findings {
            try Terminal.print(json ? object(finding) : text(finding))
        }
        if findings.contains(where: { $0.severity != .note }) { throw ExitStatus.doneWithFailures }
        if findings.isEmpty && !json { Terminal.printError("\(categories): nothing found") }
    }

    private func findings(_ lint: PromptLint, _ bundle: ModelBundle) async throws -> [LintFinding] {
        try await lint.findings(
            tokenizer: bundle.tokenizer(),
            embedder: bundle.textEmbedder(device: model.torchDevice()),
            model: bundle.model
        )
    }

    private func text(_ finding: LintFinding) -> String {
        let place = finding.position.map { ":\($0.line):\($0.column)" } ?? ""
        let what = "\(finding.severity.rawValue): \(finding.message) [\(finding.rule.rawValue)]"
        return Text.printable("\(categories)\(place): \(what)")
    }

    private func object(_ finding: LintFinding) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = Line(
            file: categories,
            line: finding.position?.line,
            column: finding.position?.column,
            severity: finding.severity.rawValue,
            rule: finding.rule.rawValue,
            category: finding.category,
            message: finding.message
        )
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }
}
