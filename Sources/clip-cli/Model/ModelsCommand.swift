internal import ArgumentParser
internal import CLIPCore
internal import CLIPImage
internal import CLIPImageFormats
internal import CLIPModels
internal import CLIPOpenVINO
internal import CLIPTorch

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, inspect and check model bundles.",
        subcommands: [List.self, Show.self, Verify.self, Devices.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the installed models by name."
        )

        func run() throws {
            let names = ModelLibrary.installed
            for name in names { try Terminal.print(Text.printable(name)) }
            guard names.isEmpty else { return }
            Terminal.printError(
                "No model is installed in \(ModelLibrary.folder). 'make setup' installs the default model."
            )
        }
    }

    /// The bundle that a subcommand reads.
    struct BundleArgument: ParsableArguments {
        @Argument(help: "Model bundle: a folder, or the name of an installed model.")
        var bundle = ModelLibrary.defaultName

        func open() throws -> ModelBundle {
            try ModelBundle(named: bundle)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print what a bundle records about its model."
        )

        @OptionGroup var argument: BundleArgument

        func run() async throws {
            let bundle = try argument.open()
            try printFact("path", bundle.path)
            for (field, value) in bundle.facts { try printFact(field, value) }
            let version = try? bundle.engine(device: "cpu").runtime.version()
            try printFact(bundle.encoderFormat.library, version ?? "not installed")
        }

        private func printFact(_ field: String, _ value: String) throws {
            let space = String(repeating: " ", count: max(1, 13 - field.count))
            try Terminal.print("\(field)\(space)\(value)")
        }
    }

    struct Devices: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "devices",
            abstract: "List the engines that are installed, and the devices on which each can run models."
        )

        func run() throws {
            var unusable: [CLIPError] = []
            let engines: [InferenceEngine] = [.torch(), .openVINO()]
            for runtime in engines.map(\.runtime) {
                let found: (version: String, devices: [String])
                do {
                    found = (try runtime.version(), try runtime.devices())
                } catch let error as CLIPError {
                    let state = error.code == .missingLibrary ? "is missing" : "cannot be used"
                    try Terminal.print("\(runtime.format.library) \(state)")
                    unusable.append(error)
                    continue
                }
                try Terminal.print("\(runtime.format.library) \(found.version)")
                for device in found.devices { try Terminal.print("  \(device)") }
            }
            guard let first = unusable.first else { return }
            guard unusable.count < engines.count else {
                throw CLIPError(first.code, unusable.map(\.message).joined(separator: "\n"))
            }
            for error in unusable { Terminal.printError(error.message) }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Check a bundle's files, then run its reference inputs and compare the outputs."
        )

        @OptionGroup var argument: BundleArgument

        @Option(help: "Device that runs the model: cpu, cuda or cuda:N.")
        var device = "cpu"

        @Option(
            help:
                "Number format of the image encoder on a CPU: fp32, bf16 or int8 (default: fp32, or as it is stored).",
            transform: Self.precision
        )
        var precision: Precision?

        @OptionGroup var verbosity: VerboseOption

        func run() async throws {
            verbosity.apply()
            let decoder = ImageFileDecoder(options: .init(orientation: .ignore), formats: .all)
            let opened = try argument.open()
            if let precision { try opened.requireNamed(precision) }
            let bundle = try opened.running(in: precision ?? .fp32)
            let check = try await bundle.check(decoder: decoder, on: bundle.engine(device: device))
            try Terminal.print(table(check))
            guard check.passes else {
                Terminal.printError("error: the outputs differ from the reference outputs; see the table")
                throw ExitStatus.findings
            }
        }

        private static func precision(_ argument: String) throws -> Precision {
            guard let precision = Precision(rawValue: argument) else {
                throw ValidationError("It must be fp32, bf16 or int8.")
            }
            return precision
        }

        private func table(_ check: GoldenCheck) -> String {
            func equal(_ stage: String, _ result: (equal: Int, count: Int)) -> [String] {
                [stage, "\(result.equal) of \(result.count) equal", "", ""]
            }
            func close(_ stage: String, _ result: GoldenCheck.Agreement) -> [String] {
                [
                    stage,
                    "\(result.count) compared",
                    Text.fixed(result.worstCosine, digits: 7),
                    Text.fixed(result.largestDifference, digits: 7),
                ]
            }
            return Text.table(
                header: ["stage", "result", "lowest cosine", "largest difference"],
                rows: [
                    equal("preprocessing", check.preprocessing), equal("token ids", check.tokens),
                    close("image embeddings", check.images), close("text embeddings", check.texts),
                ]
            )
        }
    }
}
