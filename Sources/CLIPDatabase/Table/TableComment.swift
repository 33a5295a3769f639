internal import CLIPCore

/// What the comment of a table says that this library wrote: for people who find it in a database, and to recognise it.
struct TableComment {
    /// What the table holds.
    let content: TableContent
    /// The model of its rows; `nil` if somebody has changed the comment.
    let model: (name: String, identity: String)?
    /// The comment itself.
    let text: String

    /// A new comment.
    init(_ content: TableContent, _ provenance: Provenance) {
        self.content = content
        model = (provenance.modelName, provenance.modelIdentity)
        text =
            "\(content.mark)\(LibraryVersion.current)\(Self.modelStart)\(provenance.modelName)\(Self.identityStart)"
            + provenance.modelIdentity
    }

    /// Reads a comment; `nil` for one that this library did not write.
    init?(_ text: String) {
        guard let content = TableContent.allCases.first(where: { text.hasPrefix($0.mark) }) else { return nil }
        self.content = content
        self.text = text
        model = Self.model(text)
    }

    /// Checks that rows come from the same model as those of the table.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that names both models.
    func requireModel(of provenance: Provenance, table: TableName) throws {
        guard let model, model.identity != provenance.modelIdentity else { return }
        throw CLIPError(
            .modelMismatch,
            "The table '\(table.text)' has \(content.rawValue) of the model \(model.name) (sha256 "
                + "\(model.identity.prefix(12))…), and the new ones are of the model \(provenance.modelName) (sha256 "
                + "\(provenance.modelIdentity.prefix(12))…). Choose another table, or pass --if-exists replace."
        )
    }

    private static let modelStart = "; model "
    private static let identityStart = ", sha256 "

    /// A name may itself contain what follows it.
    private static func model(_ text: String) -> (name: String, identity: String)? {
        let parts = text.split(separator: identityStart, omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last else { return nil }
        let named = parts.dropLast().joined(separator: identityStart)
        let identity = last.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard let start = named.firstRange(of: modelStart), !identity.isEmpty else { return nil }
        return (String(named[start.upperBound...]), String(identity))
    }
}
