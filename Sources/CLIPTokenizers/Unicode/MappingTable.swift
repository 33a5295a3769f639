/// Reads generated tables: words `key=hex+hex…` separated by spaces or line feeds.
enum MappingTable {
    /// Calls `body` with each entry's key, as written, and the scalars that it maps to.
    static func forEachEntry(
        of table: StaticString,
        _ body: (_ key: Substring, _ scalars: [Unicode.Scalar]) -> Void
    ) {
        for word in table.description.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "=")
            let scalars = parts[1].split(separator: "+").compactMap { scalar(hexadecimal: $0) }
            body(parts[0], scalars)
        }
    }

    /// The scalar with a hexadecimal number.
    static func scalar(hexadecimal: Substring) -> Unicode.Scalar? {
        UInt32(hexadecimal, radix: 16).flatMap(Unicode.Scalar.init)
    }
}
