internal import CLIPCore

/// Looks for columns of a table, and says what is wrong with them.
struct TableChoice {
    let file: TableFile

    /// The column that was asked for, or else the first of the usual names that fits, in any case of letters.
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
                throw failure("it is not clear which of the columns \(names) is meant. Name the one")
            }
            if let column = found.first { return column }
        }
        return nil
    }

    func column(named name: String) throws -> TableColumn {
        guard let column = file.columns.first(where: { $0.name == name }) else {
            throw CLIPError(.notFound, "\(file.path): there is no column '\(name)'\(present)")
        }
        return column
    }

    func failure(_ reason: String) -> CLIPError {
        CLIPError(.unsupportedFormat, "\(file.path): \(reason)\(present)")
    }

    func cannotCarry(_ reason: String) -> CLIPError {
        failure("\(reason), and cannot be kept in the store. Rename it, or list the columns to keep without it")
    }

    private var present: String {
        "; its columns are \(file.columns.map(\.name).joined(separator: ", "))."
    }
}
