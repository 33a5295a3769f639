/// What this library writes into a table.
enum TableContent: String, CaseIterable {
    case results
    case embeddings

    /// The start of the comment of a table with it.
    var mark: String { "\(rawValue) of swift-openclip " }
}
