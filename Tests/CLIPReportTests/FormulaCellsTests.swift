import CLIPReport
import Testing

@Suite struct FormulaCellsTests {
    static let formulas = [
        "=1", "+1", "-", "@x", "\t=1", "\r=1", "\n1", "\u{FF1D}1", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
    static let texts = ["", "a", "a=1", " =1", "'", "'a", "''"]

    @Test(arguments: formulas + texts + ["'=1", "''=1"]) func fieldsAreExactByDefault(field: String) {
        #expect(FormulaCells().written(field) == field)
    }

    @Test func formulasAreCountedEitherWay() {
        for isEscaping in [false, true] {
            let cells = FormulaCells(isEscaping: isEscaping)
            for field in Self.formulas + Self.texts + ["'=1"] { _ = cells.written(field) }
            #expect(cells.count == Self.formulas.count)
        }
    }

    @Test(arguments: texts) func textsStayAsTheyAre(field: String) {
        #expect(FormulaCells(isEscaping: true).written(field) == field)
    }

    /// Removing one `'` before any number of `'` and a character that begins a formula gives every field back.
    @Test(arguments: formulas + formulas.map { "'" + $0 } + formulas.map { "''" + $0 })
    func escapingCanBeUndone(field: String) {
        let written = FormulaCells(isEscaping: true).written(field)
        #expect(written == "'" + field)
    }
}
