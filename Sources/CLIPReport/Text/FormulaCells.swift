internal import Synchronization

/// Counts the fields of a CSV file that spreadsheets take for formulas, and makes them texts on request.
///
/// A spreadsheet computes a field that begins with `=`, `+`, `-`, `@` or their full-width forms, whether it is quoted or not;
/// some also look behind a tab or a line end at its start. A formula can send the sheet's contents elsewhere.
package final class FormulaCells: Sendable {
    /// Whether `'` is written before such a field.
    package let isEscaping: Bool
    private let counted = Atomic(0)

    /// The number of such fields so far.
    package var count: Int { counted.load(ordering: .relaxed) }

    /// - Parameter isEscaping: Whether `'` is written before such a field, so that a spreadsheet shows it; otherwise the
    ///   field is written exactly. A field that is one behind its own `'` gets another, so that removing one `'` before a
    ///   formula gives every field back.
    package init(isEscaping: Bool = false) {
        self.isEscaping = isEscaping
    }

    /// The field as it is written.
    package func written(_ field: String) -> String {
        guard let first = field.unicodeScalars.first else { return field }
        if Self.beginsFormula(first) {
            counted.add(1, ordering: .relaxed)
        } else {
            guard isEscaping, first == "'", let behind = field.unicodeScalars.first(where: { $0 != "'" }),
                Self.beginsFormula(behind)
            else { return field }
        }
        return isEscaping ? "'" + field : field
    }

    /// Whether a spreadsheet takes a field that begins so for a formula.
    private static func beginsFormula(_ first: Unicode.Scalar) -> Bool {
        switch first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }
}
