internal import CLIPCore

extension DatabaseURL.Dialect {
    /// The longest name that PostgreSQL does not shorten, in bytes.
    private static let longestName = 63

    /// Checks that a table can have columns with these names.
    ///
    /// - Throws: `CLIPError` with code `storage`.
    func checkNames(_ names: [String], of content: TableContent) throws {
        if self == .postgresql, let name = names.first(where: { $0.utf8.count > Self.longestName }) {
            throw CLIPError(
                .storage,
                "The column name '\(name)' has \(name.utf8.count) bytes, and PostgreSQL keeps \(Self.longestName) of a name. "
                    + content.adviceOnName
            )
        }
        var earlier = [[UInt8]: String]()
        for name in names {
            guard let other = earlier.updateValue(name, forKey: SQLText.key(name, self)) else { continue }
            let fault =
                other == name
                ? "Two columns would have the name '\(name)', which this library writes itself."
                : "The columns '\(other)' and '\(name)' cannot be in one table: SQLite ignores the case of names."
            throw CLIPError(.storage, "\(fault) \(content.adviceOnName)")
        }
    }
}

extension TableContent {
    fileprivate var adviceOnName: String {
        switch self {
        case .results: "Change the name of the category."
        case .embeddings: "Leave the store's column out: name those to keep with --keep-columns."
        }
    }
}
