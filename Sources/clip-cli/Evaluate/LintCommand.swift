internal import ArgumentParser
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPModels
internal import FoundationEssentials

struct LintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Report likely mistakes in a category file.",
        discussion: """
            Prints one finding per line: file:line:column, severity, message and the name of the check. Checks the wording and, using the model, the meaning: for example descriptions that are truncated, positive descriptions that are closer to a negative one than to the other positives, and prompts that the model can barely distinguish.

            The exit code is 4 if there are warnings or errors, otherwise 0.
            """
    )

    @Argument(help: ArgumentHelp("Category file, YAML or JSON.", valueName: "file"))
    var categories: String

    @Flag(help: "Check the wording only, without a model.")
    var noModel = false

    @Flag(help: "Print findings as JSON Lines.")
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
        let findings = noModel ? lint.findings() : try await findings(lint, model.bundle())
        for finding in findings {
            if json { try Terminal.print(json: object(finding)) } else { try Terminal.print(text(finding)) }
        }
        if findings.contains(where: { $0.severity != .note }) { throw ExitStatus.findings }
        if findings.isEmpty && !json { Terminal.printError("\(categories): no findings") }
    }

    private func findings(_ lint: PromptLint, _ bundle: ModelBundle) async throws -> [LintFinding] {
        try await lint.findings(
            tokenizer: bundle.tokenizer(),
            embedder: bundle.textEmbedder(on: model.engine(for: bundle)),
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
