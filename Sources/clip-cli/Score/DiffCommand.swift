internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

struct DiffCommand: AsyncParsableCommand, OutputWriting {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what two category files decide differently.",
        discussion: """
            For each category: how many images the second file adds to it and takes from it, and which. Categories are matched by name.
            """
    )

    @Argument(help: ArgumentHelp("Category file before the change.", valueName: "before"))
    var before: String

    @Argument(help: ArgumentHelp("Category file after the change.", valueName: "after"))
    var after: String

    @Option(help: ArgumentHelp("Folder that 'embed' wrote.", valueName: "embeddings"))
    var store: String

    @Option(help: ArgumentHelp("Write all differences to a CSV file: id, category, change.", valueName: "file"))
    var output: String?

    @Option(help: "How many images to name for each category and direction.")
    var show = 5

    @OptionGroup var scoring: ScoringOptions

    func validate() throws {
        guard show >= 0 else { throw ValidationError("--show must not be negative.") }
    }

    var outputs: [Output] { [.csv("--output", output)] }
    var inputs: [String?] { [before, after, store] + scoring.files }

    func run() async throws {
        let files = (before: try CategoryFile(contentsOf: before), after: try CategoryFile(contentsOf: after))
        let embeddings = try ParquetStore(path: store)
        let first = try await scoring.classifier(files.before, named: before, for: embeddings)
        let second = try await scoring.classifier(files.after, named: after, for: embeddings)
        var diff = DecisionDiff(before: files.before.categories.map(\.name), after: files.after.categories.map(\.name))
        var examples = [[[String]]](repeating: [[], []], count: diff.categories.count)
        let table = try output.map { try CSVFile(path: $0, header: ["id", "category", "change"]) }
        try embeddings.forEachBlockInParallel { block in
            (
                ids: block.ids,
                before: try first.classify(stored: block),
                after: try second.classify(stored: block)
            )
        } body: { block in
            let changes = diff.add(before: block.before, after: block.after)
            for change in changes {
                let id = block.ids[change.image]
                try table?.write([id, diff.categories[change.category], change.isGained ? "gained" : "lost"])
                if examples[change.category][change.isGained ? 0 : 1].count < show {
                    examples[change.category][change.isGained ? 0 : 1].append(id)
                }
            }
        }
        try table?.close()
        try Terminal.print(Self.summary(diff, examples))
        if let output { try Terminal.print("\nAll differences: \(output)") }
    }

    private static func summary(_ diff: DecisionDiff, _ examples: [[[String]]]) -> String {
        func list(_ names: [String]) -> String { names.map(Text.printable).joined(separator: ", ") }
        let rows = zip(diff.categories, diff.counts).map { name, counts in
            [Text.printable(name), "\(counts.kept)", "+\(counts.gained)", "-\(counts.lost)"]
        }
        var lines = [Text.table(header: ["category", "kept", "gained", "lost"], rows: rows)]
        if !diff.removed.isEmpty { lines.append("Only in the first file: \(list(diff.removed))") }
        if !diff.added.isEmpty { lines.append("Only in the second file: \(list(diff.added))") }
        for (category, lists) in zip(diff.categories.indices, examples) {
            let counts = [diff.counts[category].gained, diff.counts[category].lost]
            for (sign, (ids, count)) in zip(["+", "-"], zip(lists, counts)) where count > 0 {
                let rest = count > ids.count ? ["… and \(count - ids.count) more"] : []
                lines.append("\n\(sign) \(Text.printable(diff.categories[category]))")
                lines += (ids.map(Text.printable) + rest).map { "    \($0)" }
            }
        }
        return lines.joined(separator: "\n")
    }
}
