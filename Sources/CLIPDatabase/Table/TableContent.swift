internal import CLIPArrow
internal import CLIPCore

/// What this library writes into a table.
enum TableContent: String {
    case results
    case embeddings

    /// What PostgreSQL remembers of a table, for people who find it in a database, and to recognise it.
    func comment(_ provenance: Provenance) -> String {
        "\(mark)\(LibraryVersion.current); model \(provenance.modelName), sha256 \(provenance.modelIdentity)"
    }

    /// Whether a table with a comment, or in SQLite with exactly these columns, is one that this library wrote.
    func isOwn(
        _ table: TableName,
        columns: [String],
        fields: [Field],
        over connection: DatabaseConnection
    ) throws -> Bool {
        let database = connection.database
        guard database.url.dialect == .postgresql else { return columns == fields.map(\.name) }
        return try database.texts(table.commentQuery, over: connection).first?.first??.hasPrefix(mark) ?? false
    }

    private var mark: String { "\(rawValue) of swift-openclip " }
}
