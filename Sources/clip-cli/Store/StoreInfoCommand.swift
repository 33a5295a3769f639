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
            ("precision", info.provenance.precision ?? "not recorded"),
            ("written by", "swift-openclip \(info.provenance.libraryVersion)"),
        ]
        if !info.columns.isEmpty {
            lines.append(("columns", info.columns.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")))
        }
        for record in info.sources {
            lines.append(("images from", "\(record.names) (in \(record.directory))"))
        }
        lines.append(("failed", "\(Text.count(info.failureCount, "image")) in the last run"))
        let width = lines.map(\.0.count).max() ?? 0
        for (name, value) in lines {
            let space = String(repeating: " ", count: width - name.count)
            try Terminal.print(Text.printable("\(name)\(space)  \(value)"))
        }
        guard info.failureCount > 0 else { return }
        let rows = info.failureReasons.prefix(Self.shownReasons).map {
            [Text.printable($0.reason), $0.stage?.rawValue ?? "unknown", "\($0.count)"]
        }
        try Terminal.print("\n" + Text.table(header: ["reason", "stage", "images"], rows: rows))
        let rest = info.failureReasons.dropFirst(Self.shownReasons)
        guard !rest.isEmpty else { return }
        let images = rest.reduce(0) { $0 + $1.count }
        let list = Text.printable("\(store.embeddings)/rejects.parquet")
        try Terminal.print("… and \(images) more for \(rest.count) other reasons (see \(list))")
    }

    private func state(_ info: StoreInfo) -> String {
        guard !info.isComplete else { return "complete" }
        guard !info.sources.isEmpty else {
            return "incomplete: an import was interrupted; remove the folder and import again"
        }
        return "incomplete: the last run was interrupted; rerun 'embed' to resume"
    }
}
