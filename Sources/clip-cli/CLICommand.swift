internal import ArgumentParser
internal import CLIPCore
internal import CStandardError

/// Classifies images with an OpenCLIP model.
///
/// Each subcommand parses, calls the library and prints.
@main
struct CLICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip-cli",
        abstract: "Sort images into your own categories with OpenCLIP models.",
        discussion: """
            Embed the images once, then classify as often as you like:

              clip-cli embed photos --output store
              clip-cli classify store --categories categories.yaml --output results.csv

            An existing output file is replaced only if its content shows that clip-cli wrote it, and it holds no labels or vectors; --force replaces any file.

            Messages count table rows (below the header) and lines of text files from 1. 'clip-cli --version --verbose' lists the versions of all native libraries.

            \(ExitStatus.help)
            """,
        version: LibraryVersion.current,
        subcommands: [
            EmbedCommand.self, ClassifyCommand.self, ScoreCommand.self, DiffCommand.self, ReportCommand.self,
            SampleCommand.self, EvaluateCommand.self, CalibrateCommand.self, AblateCommand.self, SuggestCommand.self,
            LintCommand.self, SearchCommand.self, DuplicatesCommand.self, StoreCommand.self, ModelsCommand.self,
            WorkerCommand.self, TokenizeCommand.self, PreprocessCommand.self, EncodeTextCommand.self,
        ]
    )

    static func main() async {
        Terminal.openClosedStreams()
        Allocator.shareOneArena()
        cstandarderror_drop_messages()
        do {
            let arguments = NegativeNumbers.joined(to: Array(CommandLine.arguments.dropFirst()))
            if arguments.count == 2, Set(arguments) == ["--version", "--verbose"] {
                try Terminal.print(VersionReport.text())
                Terminal.exit(.done)
            }
            try CommandNames.check(arguments, of: Self.self)
            var command = try parseAsRoot(arguments)
            try checkOutputs(of: command)
            if command is EmbedCommand || command is WorkerCommand { Allocator.returnLargeBlocks() }
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
        let replacesAny = (command as? any FileWriting)?.overwriting.force ?? false
        try OutputCheck(outputs: command.outputs, inputs: command.inputs, replacesAny: replacesAny).run()
    }

    /// Ends the process with the exit code that the help promises.
    private static func exit(reporting error: any Error) -> Never {
        let isWorker = CommandLine.arguments.dropFirst().first == WorkerCommand.configuration.commandName
        let usageError: ExitStatus = isWorker ? .workerUsageError : .usageError
        switch error {
        case let error as StatusError:
            if let reason = error.error { show(reason) }
            Terminal.exit(error.status)
        case let error as CLIPError:
            show(error)
            Terminal.exit(.runtimeError)
        case let error as ValidationError:
            Terminal.printError("error: \(Text.printable(error.message))")
            Terminal.exit(usageError)
        case let status as ExitStatus:
            Terminal.exit(status)
        default:
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            guard code != .success else {
                let isPrinted = (try? Terminal.print(text)) != nil
                Terminal.exit(isPrinted ? .done : .runtimeError)
            }
            let isNamed = text.hasPrefix("Error: ")
            if !text.isEmpty { Terminal.printError(isNamed ? "error: " + text.dropFirst(7) : text) }
            Terminal.exit(code == .validationFailure ? usageError : .runtimeError)
        }
    }

    private static func show(_ error: CLIPError) {
        let advised = PathSuggestion.added(to: error, arguments: CommandLine.arguments.dropFirst())
        Terminal.printError("error: \(Text.lines(of: advised))")
    }
}
