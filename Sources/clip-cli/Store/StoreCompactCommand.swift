internal import ArgumentParser
internal import CLIPArrow

struct StoreCompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge many small Parquet files into a few large ones.",
        discussion: """
            Rows do not change, but if an image was stored twice, only its newest row is kept. If interrupted, rerun it.
            """
    )

    @OptionGroup var store: StoreArgument

    func run() throws {
        let result = try StoreCompaction.run(path: store.embeddings)
        let size = "\(Text.size(result.bytesBefore)) -> \(Text.size(result.bytesAfter))"
        try Terminal.print("\(result.partsBefore) -> \(Text.count(result.partsAfter, "part")), \(size)")
        if result.repairedImages > 0 {
            try Terminal.print(
                "Repaired: \(Text.count(result.repairedImages, "image")) stored twice; the newest vector of each was kept."
            )
        }
    }
}
