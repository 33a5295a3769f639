internal import CLIPCore

/// What a database has under the name of a table that is to be written.
struct PresentTable {
    struct Column {
        /// Whether a new row needs a value.
        enum Need: String {
            case optional
            /// The database has a value of its own.
            case filled
            case required
        }

        let name: String
        let type: String
        let need: Need
    }

    let name: TableName
    private let dialect: DatabaseURL.Dialect
    /// The columns; empty if there is no such table.
    let columns: [Column]
    /// The comment, if this library wrote the table.
    let comment: TableComment?

    init(_ name: TableName, over connection: DatabaseConnection) throws {
        let (database, dialect) = (connection.database, connection.database.url.dialect)
        let columns = try database.texts(name.columnsQuery(dialect), over: connection)
        let comment = columns.isEmpty ? [] : try database.texts(name.commentQuery(dialect), over: connection)
        self.name = name
        self.dialect = dialect
        self.columns = columns.map {
            Column(name: $0[0] ?? "", type: $0[1] ?? "", need: $0[2].flatMap(Column.Need.init) ?? .optional)
        }
        self.comment = comment.first?.first?.flatMap { TableComment($0) }
    }

    var exists: Bool { !columns.isEmpty }

    /// Checks that the table may be written.
    ///
    /// - Throws: `CLIPError` with code `storage`, or `modelMismatch`.
    func check(_ existing: ExistingTable, content: TableContent, provenance: Provenance) throws {
        guard exists else { return }
        switch existing {
        case .fail:
            throw CLIPError(
                .storage,
                "The table '\(name.text)' exists. Choose another name, or pass --if-exists replace or upsert."
            )
        case .replace where comment?.content != content:
            throw CLIPError(
                .storage,
                "The table '\(name.text)' holds something else (its columns are "
                    + "\(columns.map(\.name).joined(separator: ", "))) and is not replaced. Choose another name, or drop it "
                    + "yourself."
            )
        case .replace: return
        case .upsert: try comment?.requireModel(of: provenance, table: name)
        }
    }

    /// Checks that the columns can take new rows.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func check(_ written: [WrittenColumn]) throws {
        let types = Dictionary(columns.map { (key($0.name), $0.type) }, uniquingKeysWith: { $1 })
        for column in written {
            guard let type = types[key(column.name)], column.isRounded(by: type) else { continue }
            throw CLIPError(
                .storage,
                "The column '\(column.name)' of the table '\(name.text)' holds whole numbers (\(type)), and these results are "
                    + "fractions. Change its type, or choose another table."
            )
        }
        let required = columns(besides: written).filter { $0.need == .required }.map(\.name)
        guard !required.isEmpty else { return }
        let advice =
            comment == nil
            ? "Give these columns a default, or choose another table."
            : "Pass the categories and options that it was written with, choose another table, or pass --if-exists replace."
        throw CLIPError(
            .storage,
            "The table '\(name.text)' needs values that the new rows do not have (\(required.joined(separator: ", "))). "
                + advice
        )
    }

    /// The names of columns of an earlier run whose values would be wrong beside those of new rows.
    ///
    /// They are among `names`, which this library gives to columns of such rows; other columns are a person's.
    func outdated(by written: [WrittenColumn], names: [String]) -> [String] {
        guard comment != nil else { return [] }
        let names = Set(names.map(key))
        return columns(besides: written).filter {
            $0.need == .optional && $0.type.lowercased() == "real" && names.contains(key($0.name))
        }.map(\.name)
    }

    private func columns(besides written: [WrittenColumn]) -> [Column] {
        let written = Set(written.map { key($0.name) })
        return columns.filter { !written.contains(key($0.name)) }
    }

    private func key(_ name: String) -> [UInt8] { SQLText.key(name, dialect) }
}
