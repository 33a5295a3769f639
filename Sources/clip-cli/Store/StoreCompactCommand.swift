internal import ArgumentParser
internal import CLIPArrow

struct StoreCompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge many small Parquet files into a few large ones.",
        discussion: "The rows do not change. If interrupted, just rerun it."
    )

    @OptionGroup var store: StoreArgument

    func run() throws {
        let result = try StoreCompaction(folder: store.embeddings)
        let size = "\(Text.size(result.bytesBefore)) -> \(Text.size(result.bytesAfter))"
        try Terminal.print("\(result.partsBefore) -> \(result.partsAfter) parts, \(size)")
        if result.repairedImages > 0 {
            try Terminal.print("\(result.repairedImages) images were stored twice: kept the newest vector of each")
        }
    }
}
