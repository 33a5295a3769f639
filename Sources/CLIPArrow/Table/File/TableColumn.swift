internal import CLIPCore

/// A column of a table.
struct TableColumn: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case values(SourceColumn.Kind)
        /// Integers from 0 to 2^64 - 1, which are stored as text: not all fit into 64 bits with a sign.
        case unsigned
        case bytes
        case listsOfTexts
        case listsOfBytes
        /// Only missing values.
        case nothing
        /// An unsupported type, with its format string of the Arrow C data interface.
        case other(String)
    }

    let name: String
    /// What the column is called in the file: it may have no name, or that of another column.
    let nameInFile: String
    let kind: Kind

    /// Names of a file differ in their bytes: a `String` equals others that Unicode composes differently.
    static func == (left: TableColumn, right: TableColumn) -> Bool {
        left.kind == right.kind && left.name.utf8.elementsEqual(right.name.utf8)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        var name = name
        name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    init(name: String, nameInFile: String? = nil, kind: Kind) {
        self.name = name
        self.nameInFile = nameInFile ?? name
        self.kind = kind
    }

    /// Creates a column from a stream whose columns were converted to a few common types.
    init(_ column: StreamColumn) {
        let kind: Kind =
            switch (column.format, column.itemFormat) {
            case ("U", _): .values(.text)
            case ("l", _): .values(.integer)
            case ("L", _): .unsigned
            case ("g", _): .values(.number)
            case ("b", _): .values(.boolean)
            case ("Z", _): .bytes
            case ("n", _): .nothing
            case ("+L", "U"): .listsOfTexts
            case ("+L", "Z"): .listsOfBytes
            default: .other(column.format)
            }
        self.init(name: column.name, nameInFile: column.nameInFile, kind: kind)
    }

    /// The column of its lists' items; itself if it holds no lists.
    var items: TableColumn {
        switch kind {
        case .listsOfTexts: TableColumn(name: name, nameInFile: nameInFile, kind: .values(.text))
        case .listsOfBytes: TableColumn(name: name, nameInFile: nameInFile, kind: .bytes)
        default: self
        }
    }

    var holdsLists: Bool { kind == .listsOfTexts || kind == .listsOfBytes }
    /// Whether its values, or the items of its lists, are texts.
    var isText: Bool { items.kind == .values(.text) }
    /// Whether its values, or the items of its lists, are bytes.
    var isBytes: Bool { items.kind == .bytes }

    /// Whether its values may be ids; whether each one is, shows when it is read.
    var canBeID: Bool {
        switch kind {
        case .values, .unsigned, .bytes, .nothing: true
        case .listsOfTexts, .listsOfBytes, .other: false
        }
    }

    /// The kind of its values in a store; `nil` if they cannot be stored.
    var carriedKind: SourceColumn.Kind? {
        switch kind {
        case .values(let kind): kind
        case .unsigned, .listsOfTexts, .nothing: .text
        case .bytes, .listsOfBytes, .other: nil
        }
    }

    /// The column's type, in human-readable form.
    var content: String {
        switch kind {
        case .values(let kind): "values of kind \(kind.rawValue)"
        case .unsigned: "values of kind \(SourceColumn.Kind.integer.rawValue)"
        case .bytes: "bytes"
        case .listsOfTexts: "lists of texts"
        case .listsOfBytes: "lists of bytes"
        case .nothing: "nothing"
        case .other(let format) where ["+l", "+L", "+w"].contains(where: format.hasPrefix): "lists with bytes"
        case .other("+s"): "structs with bytes"
        case .other("+m"): "maps with bytes"
        case .other(let format): "values of an unsupported type (Arrow format \(format))"
        }
    }
}
