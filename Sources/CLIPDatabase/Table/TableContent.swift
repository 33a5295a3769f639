internal import CLIPCore

/// What this library writes into a table.
enum TableContent: String {
    case results
    case embeddings

    /// What a table's comment says, for people who find it in a database, and to recognise it.
    func comment(_ provenance: Provenance) -> String {
        "\(mark)\(LibraryVersion.current); model \(provenance.modelName), sha256 \(provenance.modelIdentity)"
    }

    /// Whether this library wrote a table, with whatever columns.
    func isOwn(_ table: TableName, over connection: DatabaseConnection) throws -> Bool {
        let database = connection.database
        let query = table.commentQuery(database.url.dialect)
        return try database.texts(query, over: connection).first?.first??.hasPrefix(mark) ?? false
    }

    private var mark: String { "\(rawValue) of swift-openclip " }
}
