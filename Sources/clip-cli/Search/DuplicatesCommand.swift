internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport
internal import CLIPSearch

struct DuplicatesCommand: ParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "Find groups of stored images that are nearly the same.",
        discussion: """
            Compares every image with every other and joins those whose cosine is at least the threshold, also through others between them. Groups are printed largest first; the first image of each, the one that is stored first, stands for it, and the cosines are with that one.

            Which threshold means "nearly the same" depends on the model: look at what 0.97 finds, and move it.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: "The least cosine of a pair.")
    var threshold = NearDuplicates.Options().threshold

    @Option(help: "Stop with an error when there are more pairs.")
    var maxPairs = NearDuplicates.Options().maximumPairs

    @Option(help: ArgumentHelp("Memory for vectors; a larger store is read several times.", valueName: "MiB"))
    var memory = NearDuplicates.Options().heldBytes >> 20

    @OptionGroup(title: "Results") var results: TableOptions

    func validate() throws {
        guard threshold > 0 && threshold <= 1 else {
            throw ValidationError("--threshold must be above 0 and at most 1.")
        }
        guard maxPairs > 0 else { throw ValidationError("--max-pairs must be at least 1.") }
        guard 1...1_048_576 ~= memory else { throw ValidationError("--memory must be from 1 to 1048576.") }
    }

    var outputs: [Output] { [.file("--output", results.output)] }
    var inputs: [String?] { [store.embeddings] }

    func run() throws {
        let embeddings = try ParquetEmbeddings(path: store.embeddings)
        embeddings.warnIfIncomplete()
        let options = NearDuplicates.Options(threshold: threshold, maximumPairs: maxPairs, heldBytes: memory << 20)
        var line = ProgressLine()
        let found: NearDuplicates.Result
        do {
            defer { line.close() }
            found = try NearDuplicates(options: options).run(embeddings) { compared, total in
                line.show(done: compared, of: total, "pairs compared")
            }
        }
        if !found.groups.isEmpty || results.isForMachines {
            try results.show(table(found.groups), provenance: embeddings.provenance)
        }
        let images = found.groups.reduce(0) { $0 + $1.members.count }
        let groups = found.groups.count == 1 ? "1 group" : "\(found.groups.count) groups"
        Terminal.printError("\(groups) with \(images) of \(embeddings.count) images")
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
