internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport
internal import CLIPSearch

struct DuplicatesCommand: ParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "Find groups of near-duplicate images.",
        discussion: """
            Compares all pairs of images and groups them by single linkage: a chain of pairs at or above the threshold is enough. Groups are printed largest first. The first image of a group is its representative; the cosines are similarities to it.

            The right threshold depends on the model. Start at 0.99 and lower it step by step while the groups contain only near-duplicates.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: "Minimum cosine similarity of a pair.")
    var threshold = NearDuplicates.Options().threshold

    @Option(help: "Abort if there are more pairs than this.")
    var maxPairs = NearDuplicates.Options().maximumPairs

    @Option(help: ArgumentHelp("Memory for vectors. Larger stores are read several times.", valueName: "MiB"))
    var memory = NearDuplicates.Options().heldBytes >> 20

    @OptionGroup(title: "Results") var results: TableOptions

    func validate() throws {
        guard threshold > 0 && threshold <= 1 else {
            throw ValidationError("--threshold must be above 0 and at most 1.")
        }
        guard maxPairs > 0 else { throw ValidationError("--max-pairs must be at least 1.") }
        guard 1...1_048_576 ~= memory else { throw ValidationError("--memory must be from 1 to 1048576.") }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.file("--output", results.output)] }
    var inputs: [String?] { [store.embeddings] }

    func run() throws {
        let embeddings = try ParquetStore(path: store.embeddings)
        embeddings.warnIfIncomplete()
        let options = NearDuplicates.Options(threshold: threshold, maximumPairs: maxPairs, heldBytes: memory << 20)
        var line = ProgressLine()
        let found: [DuplicateGroup]
        do {
            defer { line.close() }
            found = try NearDuplicates(options: options).run(embeddings) { compared, total in
                line.show(done: compared, of: total, "pairs compared")
            }
        }
        if !found.isEmpty || results.isForMachines {
            try results.show(table(found), provenance: embeddings.provenance)
        }
        let images = found.reduce(0) { $0 + $1.members.count }
        let groups = Text.count(found.count, "group")
        Terminal.printError("\(groups) with \(images) of \(Text.count(embeddings.count, "image"))")
    }

    private func table(_ groups: [DuplicateGroup]) -> ResultTable {
        let members = groups.flatMap(\.members)
        return ResultTable([
            ("group", .integers(groups.enumerated().flatMap { group, found in found.members.map { _ in group + 1 } })),
            ("id", .texts(members.map(\.id))),
            ("cosine", .numbers(members.map(\.cosine))),
        ])
    }
}
