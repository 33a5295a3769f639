internal import ArgumentParser
internal import CLIPArrow
internal import CLIPReport

struct StoreRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Keep what is sound of a store with damaged files.",
        discussion: """
            Reads every file to its end. Moves damaged files to the folder 'damaged' in the store, where nothing is ever removed, and keeps their sound rows. The images of all other rows are listed in a CSV file; rerun 'embed' as before to embed them again. If interrupted, rerun it.
            """
    )

    @OptionGroup var store: StoreArgument

    func run() throws {
        let formulas = FormulaCells()
        let repair = try StoreRepair.run(path: store.embeddings, written: formulas.written)
        guard let folder = repair.folder, let list = repair.list else {
            return try Terminal.print("all files are sound")
        }
        for file in repair.files {
            try Terminal.print(Text.printable(file.reason))
            let lost = file.unknownCount.map { "\(file.lostIDs.count + $0)" } ?? "an unknown number"
            try Terminal.print("  \(Text.count(file.soundCount, "sound row")) kept, \(lost) lost")
        }
        try Terminal.print(Text.printable("Damaged files moved to \(folder)"))
        var images = Text.count(repair.lostCount, "image")
        if repair.unknownCount != 0 {
            images += " and \(repair.unknownCount.map { "\($0)" } ?? "others") whose ids cannot be read"
        }
        try Terminal.print(Text.printable("To embed again: \(images), listed in \(list). Rerun 'embed' as before."))
        formulas.warn(about: list, advice: "Import it there as text.")
    }
}
