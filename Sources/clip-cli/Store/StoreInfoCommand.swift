internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPPipeline

struct StoreInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Print what a store contains, how it was made, and why images failed."
    )

    private static let shownReasons = 20
    private static let shownSources = 32

    @OptionGroup var store: StoreArgument

    func run() throws {
        let info = try StoreInfo(path: store.embeddings)
        let parts = Text.count(info.partCount, "part")
        var lines = [
            ("store", "\(store.embeddings), \(state(info))"),
            ("images", "\(info.rowCount) embedded, in \(parts), \(Text.size(info.byteCount))"),
            ("vectors", "\(info.provenance.dimension) × \(info.elementType.rawValue)"),
            ("model", "\(info.provenance.modelName) (sha256 \(info.provenance.modelIdentity))"),
            ("preprocessing", info.provenance.preprocessing),
            ("engine", info.provenance.engine ?? "not recorded"),
            ("precision", info.provenance.precision ?? "not recorded"),
            ("written by", "swift-openclip \(info.provenance.libraryVersion)"),
        ]
        if !info.columns.isEmpty {
            lines.append(("columns", info.columns.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")))
        }
        let rest = info.sources.dropLast(Self.shownSources)
        if !rest.isEmpty { lines.append(("images from", "\(Text.count(rest.count, "earlier run"))")) }
        for record in info.sources.suffix(Self.shownSources) {
            lines.append(("images from", "\(record.names) (in \(record.directory))"))
        }
        let damaged = info.damageReasons.reduce(0) { $0 + $1.count }
        if damaged > 0 {
            lines.append(("damaged", "\(Text.count(damaged, "image")), read as far as possible (column source_damage)"))
        }
        if !info.isSinglePart {
            lines.append(("failed", "\(Text.count(info.failureCount, "image")) in the last run"))
        }
        let width = lines.map(\.0.count).max() ?? 0
        for (name, value) in lines {
            let space = String(repeating: " ", count: width - name.count)
            try Terminal.print(Text.printable("\(name)\(space)  \(value)"))
        }
        try show(info.damageReasons, header: ["damage", "images"], list: "column source_damage") { _ in [] }
        let failures = "\(store.embeddings)/rejects.parquet"
        try show(info.failureReasons, header: ["reason", "stage", "images"], list: failures) {
            [$0.stage?.rawValue ?? "unknown"]
        }
    }

    /// Prints a table of reasons, if there are any.
    private func show(
        _ reasons: [FailureTally.Entry],
        header: [String],
        list: String,
        _ columns: (FailureTally.Entry) -> [String]
    ) throws {
        guard !reasons.isEmpty else { return }
        let rows = reasons.prefix(Self.shownReasons).map {
            [Text.printable($0.reason)] + columns($0) + ["\($0.count)"]
        }
        try Terminal.print("\n" + Text.table(header: header, rows: rows))
        let rest = reasons.dropFirst(Self.shownReasons)
        guard !rest.isEmpty else { return }
        let images = rest.reduce(0) { $0 + $1.count }
        try Terminal.print("… and \(images) more for \(rest.count) other reasons (see \(Text.printable(list)))")
    }

    private func state(_ info: StoreInfo) -> String {
        guard !info.isSinglePart else { return "one part: its folder tells whether the store is complete" }
        guard !info.isBeingAdopted else { return "incomplete: its adoption was interrupted; rerun 'store adopt'" }
        guard !info.isComplete else { return "complete" }
        guard !info.sources.isEmpty else {
            return "incomplete: rerun 'embed'; after an interrupted import, import into a new folder"
        }
        return "incomplete: the last run was interrupted; rerun 'embed' to resume"
    }
}
