internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

struct DiffCommand: AsyncParsableCommand, FileWriting {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare the decisions of two category files.",
        discussion: """
            Prints for each category how many images match with both files (kept), only with the second (gained) and only with the first (lost), with examples. Categories are matched by name.
            """
    )

    @OptionGroup var store: StoreArgument

    @Argument(help: ArgumentHelp("Category file before the change.", valueName: "before"))
    var before: String

    @Argument(help: ArgumentHelp("Category file after the change.", valueName: "after"))
    var after: String

    @Option(help: ArgumentHelp("CSV file for all differences: id, category, change.", valueName: "file"))
    var output: String?

    @Option(help: "Example images to print per category, gained and lost.")
    var examples = 5

    @OptionGroup var scoring: ScoringOptions

    func validate() throws {
        guard examples >= 0 else { throw ValidationError("--examples must be at least 0.") }
    }

    @OptionGroup var overwriting: OverwriteOption

    var outputs: [Output] { [.csv("--output", output)] }
    var inputs: [String?] { [store.embeddings, before, after] + scoring.files }

    func run() async throws {
        let files = (before: try CategoryFile(contentsOf: before), after: try CategoryFile(contentsOf: after))
        let embeddings = try ParquetStore(path: store.embeddings)
        let first = try await scoring.classifier(files.before, named: before, for: embeddings)
        let second = try await scoring.classifier(files.after, named: after, for: embeddings)
        var diff = DecisionDiff(before: files.before.categories.map(\.name), after: files.after.categories.map(\.name))
        var shown = [[[String]]](repeating: [[], []], count: diff.categories.count)
        let table = try output.map { try CSVFile(path: $0, header: ["id", "category", "change"]) }
        try embeddings.forEachBlockInParallel { block in
            (
                ids: block.ids,
                before: try first.classify(block.embeddings),
                after: try second.classify(block.embeddings)
            )
        } body: { block in
            let changes = diff.add(before: block.before, after: block.after)
            for change in changes {
                let id = block.ids[change.image]
                try table?.write([id, diff.categories[change.category], change.isGained ? "gained" : "lost"])
                if shown[change.category][change.isGained ? 0 : 1].count < examples {
                    shown[change.category][change.isGained ? 0 : 1].append(id)
                }
            }
        }
        try table?.close()
        try Terminal.print(Self.summary(diff, shown))
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
