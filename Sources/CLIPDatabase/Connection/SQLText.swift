/// Names and values as SQL writes them.
enum SQLText {
    /// A name in quotes, in which any character is allowed except NUL.
    static func identifier(_ name: some StringProtocol) -> String {
        "\"\(String(name).replacing("\"", with: "\"\""))\""
    }

    /// A text in quotes.
    static func literal(_ text: some StringProtocol) -> String {
        "'\(String(text).replacing("'", with: "''"))'"
    }
}
