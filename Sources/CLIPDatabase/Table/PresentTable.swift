internal import CLIPCore

/// What a database has under the name of a table that is to be written.
struct PresentTable {
    let name: TableName
    /// The columns' names and types; empty if there is no such table.
    let columns: [(name: String, type: String)]
    /// The comment, if this library wrote the table.
    let comment: TableComment?

    init(_ name: TableName, over connection: DatabaseConnection) throws {
        let (database, dialect) = (connection.database, connection.database.url.dialect)
        let columns = try database.texts(name.columnsQuery(dialect), over: connection)
        let comment = columns.isEmpty ? [] : try database.texts(name.commentQuery(dialect), over: connection)
        self.name = name
        self.columns = columns.map { ($0[0] ?? "", $0[1] ?? "") }
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
}
