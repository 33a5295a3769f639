/// Names and values as SQL writes them.
enum SQLText {
    /// A name in quotes, in which any character is allowed except NUL.
    static func identifier(_ name: some StringProtocol) -> String {
        "\"\(String(name).replacing("\"", with: "\"\""))\""
    }

    /// What a database compares of the names of columns.
    static func key(_ name: String, _ dialect: DatabaseURL.Dialect) -> [UInt8] {
        guard dialect == .sqlite else { return Array(name.utf8) }
        return name.utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
    }

    /// A text in quotes.
    static func literal(_ text: some StringProtocol) -> String {
        "'\(String(text).replacing("'", with: "''"))'"
    }
}
