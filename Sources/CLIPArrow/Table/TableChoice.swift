internal import CLIPCore

/// Finds the columns of a table, and reports errors about them.
struct TableChoice {
    let file: TableFile

    /// The requested column, or else the first of the usual names with a suitable type; names are case-insensitive.
    func column(
        _ name: String?,
        amongNames usualNames: [String],
        where fits: (TableColumn) -> Bool
    ) throws -> TableColumn? {
        if let name { return try column(named: name) }
        for usualName in usualNames {
            let found = file.columns.filter { $0.name.lowercased() == usualName && fits($0) }
            if found.count > 1 {
                let names = found.map { "'\($0.name)'" }.joined(separator: " and ")
                throw failure("the columns \(names) are ambiguous. Name the one")
            }
            if let column = found.first { return column }
        }
        return nil
    }

    func column(named name: String) throws -> TableColumn {
        // Names may differ in how Unicode composes them.
        let same = file.columns.filter { $0.name == name }
        guard let column = same.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) ?? same.first else {
            throw CLIPError(.notFound, "\(file.path): there is no column '\(name)'\(present)")
        }
        return column
    }

    func failure(_ reason: String) -> CLIPError {
        CLIPError(.unsupportedFormat, "\(file.path): \(reason)\(present)")
    }

    func cannotCarry(_ reason: String) -> CLIPError {
        failure("\(reason) and cannot be stored. Rename it, or list only the columns to keep")
    }

    private var present: String {
        let names = file.columns.map(\.name)
        let others = file.delimiter.map { delimiter in
            Set(names.flatMap { CSVText.otherDelimiters(in: $0, than: delimiter) }).sorted().map(CSVText.name)
        }
        let advice =
            others?.isEmpty == false
            ? " If the values are separated by \(others?.joined(separator: " or ") ?? ""), name it as the delimiter "
                + "(--delimiter)." : ""
        return "; its columns are \(names.joined(separator: ", ")).\(advice)"
    }
}
