internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPModels

struct StoreAdoptCommand: ParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Make a store from the files that the tasks of a cluster wrote.",
        discussion: """
            Reads _staging/manifest.json in the folder, which the program that ran the tasks wrote, for example the Python package of this project. Checks every listed file and that no id occurs twice, then moves the files to their places. Nothing changes before everything is checked. If interrupted, rerun it.
            """
    )

    @Argument(help: ArgumentHelp("Folder that contains _staging and becomes a store.", valueName: "dir"))
    var folder: String

    @Option(
        help: ArgumentHelp(
            "Model that made the vectors: a bundle's folder, or the name of an installed model.",
            valueName: "bundle"
        )
    )
    var model: String

    @Option(help: ArgumentHelp("Number of images that must be embedded or failed.", valueName: "n"))
    var expect: Int?

    @Flag(
        help: "Remove staged files of attempts that do not count. Make sure that no task is running any more."
    )
    var removeOthers = false

    var outputs: [Output] { [.store("the folder", folder)] }
    var inputs: [String?] { [ModelLibrary.path(of: model)] }

    func validate() throws {
        guard expect.map({ $0 >= 0 }) ?? true else { throw ValidationError("--expect must not be negative.") }
    }

    func run() throws {
        let bundle = try ModelBundle(named: model)
        let adoption = try StoreAdoption.run(
            path: folder,
            model: bundle.model,
            options: StoreAdoption.Options(expectedCount: expect, removesOthers: removeOthers)
        )
        let provenance = adoption.provenance
        try Terminal.print(Text.printable("model  \(provenance.modelName) (sha256 \(provenance.modelIdentity))"))
        let counts = "\(Text.count(adoption.rowCount, "image")) in \(Text.count(adoption.partCount, "part"))"
        let failed = "\(adoption.failureCount) failed"
        try Terminal.print(Text.printable("\(counts), \(failed), dimension \(provenance.dimension): \(folder)"))
        guard adoption.otherFileCount > 0 else { return }
        let others = Text.count(adoption.otherFileCount, "file")
        let attempts = "of attempts that do not count"
        try Terminal.print(
            adoption.removedOthers
                ? "Removed \(others) \(attempts)."
                : Text.printable("\(others) \(attempts) left in \(folder)/_staging.")
        )
    }
}
