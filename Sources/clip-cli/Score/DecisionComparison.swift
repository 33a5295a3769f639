internal import CLIPArrow
internal import CLIPCore
internal import CLIPReport

/// Compares the decisions of two category files about the images of a store, and keeps examples.
struct DecisionComparison {
    private var diff: DecisionDiff
    /// For each category, ids of gained and of lost images.
    private var shown: [[[String]]]
    private let examples: Int

    init(_ before: CategoryFile, _ after: CategoryFile, examples: Int) {
        diff = DecisionDiff(before: before.categories.map(\.name), after: after.categories.map(\.name))
        shown = [[[String]]](repeating: [[], []], count: diff.categories.count)
        self.examples = examples
    }

    /// Compares the decisions about all images; `onChange` takes the id, the category and whether it is gained.
    mutating func run(
        _ store: ParquetStore,
        before: Classifier,
        after: Classifier,
        onChange: (_ id: String, _ category: String, _ isGained: Bool) throws -> Void = { _, _, _ in }
    ) throws {
        try store.forEachBlockInParallel { block in
            (
                ids: block.ids,
                before: try before.classify(block.embeddings),
                after: try after.classify(block.embeddings)
            )
        } body: { block in
            for change in diff.add(before: block.before, after: block.after) {
                let id = block.ids[change.image]
                try onChange(id, diff.categories[change.category], change.isGained)
                if shown[change.category][change.isGained ? 0 : 1].count < examples {
                    shown[change.category][change.isGained ? 0 : 1].append(id)
                }
            }
        }
    }

    /// The counts of each category, and the examples.
    var summary: String {
        func list(_ names: [String]) -> String { names.map(Text.printable).joined(separator: ", ") }
        let rows = zip(diff.categories, diff.counts).map { name, counts in
            [Text.printable(name), "\(counts.kept)", "+\(counts.gained)", "-\(counts.lost)"]
        }
        var lines = [Text.table(header: ["category", "kept", "gained", "lost"], rows: rows)]
        if !diff.removed.isEmpty { lines.append("Only in the first file: \(list(diff.removed))") }
        if !diff.added.isEmpty { lines.append("Only in the second file: \(list(diff.added))") }
        for (category, lists) in zip(diff.categories.indices, shown) {
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
