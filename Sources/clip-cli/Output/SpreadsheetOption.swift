internal import ArgumentParser
internal import CLIPReport

/// What a command does about texts in CSV that spreadsheets take for formulas.
struct SpreadsheetOption: ParsableArguments {
    @Flag(
        help: "In CSV, write ' before texts that spreadsheets take for formulas: those that begin with =, +, - or @."
    )
    var spreadsheetSafe = false

    /// What to do instead of opening exact CSV in a spreadsheet.
    static let advice = "Import it there as text, or pass --spreadsheet-safe."

    /// Counts the texts of a file, and escapes them if that is asked for.
    var cells: FormulaCells { FormulaCells(isEscaping: spreadsheetSafe) }

    /// - Throws: `ValidationError` if the flag is set and no CSV is written.
    func check(writesCSV: Bool) throws {
        guard writesCSV || !spreadsheetSafe else {
            throw ValidationError("--spreadsheet-safe is for CSV; in other formats, no text is taken for a formula.")
        }
    }
}

extension FormulaCells {
    /// Warns of a written file whose texts a spreadsheet would compute.
    ///
    /// - Parameters:
    ///   - file: The file's name, for the message.
    ///   - advice: What to do instead of opening it in a spreadsheet.
    func warn(about file: String, advice: String) {
        guard count > 0, !isEscaping else { return }
        let what = count == 1 ? "text begins" : "texts begin"
        Terminal.printError(
            "warning: \(Text.printable(file)): \(count) \(what) with =, +, - or @. They are written exactly, but a spreadsheet "
                + "would compute them as formulas. \(advice)"
        )
    }
}
