internal import ArgumentParser
internal import CLIPCore

/// Classifies images with an OpenCLIP model.
///
/// Each subcommand parses, calls the library and prints.
@main
struct CLICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip-cli",
        abstract: "Sort images into your own categories with an OpenCLIP model.",
        discussion: """
            Embed the images once, then classify as often as you like:

              clip-cli embed photos --output embeddings
              clip-cli classify embeddings --categories categories.yaml --output results.csv

            Exit codes: 0 done, 1 done but some images failed, 2 wrong use, 3 cannot run, 130 stopped by Ctrl-C.
            """,
        version: LibraryVersion.current,
        subcommands: [
            EmbedCommand.self, ClassifyCommand.self, ScoreCommand.self, DiffCommand.self, ReportCommand.self,
            EvaluateCommand.self, CalibrateCommand.self, AblateCommand.self, LintCommand.self, SearchCommand.self,
            DuplicatesCommand.self, StoreCommand.self, ModelsCommand.self, TokenizeCommand.self,
            PreprocessCommand.self, EncodeTextCommand.self,
        ]
    )

    static func main() async {
        Allocator.shareOneArena()
        do {
            var command = try parseAsRoot()
            try checkOutputs(of: command)
            if command is EmbedCommand { Allocator.returnLargeBlocks() }
            if var asyncCommand = command as? any AsyncParsableCommand {
                try await asyncCommand.run()
            } else {
                try command.run()
            }
            Terminal.exit(.done)
        } catch {
            exit(reporting: error)
        }
    }

    private static func checkOutputs(of command: any ParsableCommand) throws {
        guard let command = command as? any OutputWriting else { return }
        try OutputCheck(outputs: command.outputs, inputs: command.inputs).run()
    }

    /// Ends the process with the exit code that the help promises.
    private static func exit(reporting error: any Error) -> Never {
        switch error {
        case let error as CLIPError:
            Terminal.printError("error: \(Text.printable("\(error)"))")
            Terminal.exit(.cannotRun)
        case let status as ExitStatus:
            Terminal.exit(status)
        default:
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            guard code != .success else {
                let isPrinted = (try? Terminal.print(text)) != nil
                Terminal.exit(isPrinted ? .done : .cannotRun)
            }
            if !text.isEmpty { Terminal.printError(text) }
            Terminal.exit(code == .validationFailure ? .wrongUse : .cannotRun)
        }
    }
}
