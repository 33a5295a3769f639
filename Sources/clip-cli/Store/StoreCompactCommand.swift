internal import ArgumentParser
internal import CLIPArrow

struct StoreCompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge the many small files of interrupted runs into few large ones.",
        discussion: "Rows stay as they are. An interrupted 'compact' does no harm; run it again."
    )

    @OptionGroup var store: StoreArgument

    func run() throws {
        let result = try StoreCompaction.run(folder: store.embeddings)
        let size = "\(Text.size(result.bytesBefore)) -> \(Text.size(result.bytesAfter))"
        try Terminal.print("\(result.partsBefore) -> \(result.partsAfter) parts, \(size)")
        if result.repairedImages > 0 {
            try Terminal.print("\(result.repairedImages) images were there twice: the last vector of each stays")
        }
    }
}
