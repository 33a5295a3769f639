internal import CLIPCore

/// A column of a table, as it is read.
struct TableColumn: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case values(SourceColumn.Kind)
        case bytes
        /// Of a type that is not read, with its format string of the Arrow C data interface.
        case other(String)
    }

    let name: String
    let kind: Kind

    /// Describes a column of a stream that was converted to few types.
    init(name: String, format: String) {
        self.name = name
        self.kind =
            switch format {
            case "U": .values(.text)
            case "l": .values(.integer)
            case "g": .values(.number)
            case "b": .values(.boolean)
            case "Z": .bytes
            default: .other(format)
            }
    }

    var isText: Bool { kind == .values(.text) }
    var isBytes: Bool { kind == .bytes }
    var canBeID: Bool { isText || kind == .values(.integer) }

    /// What the column holds, for a person.
    var content: String {
        switch kind {
        case .values(let kind): "values of kind \(kind.rawValue)"
        case .bytes: "bytes"
        case .other(let format) where format.hasPrefix("+l") || format.hasPrefix("+L") || format.hasPrefix("+w"):
            "lists"
        case .other("+s"): "structs"
        case .other("+m"): "maps"
        case .other(let format): "values of a type that is not read (Arrow format \(format))"
        }
    }
}

extension ColumnValue {
    /// The value as an id; `nil` where it is none.
    var idText: String? {
        switch self {
        case .text(let text): text.isEmpty ? nil : text
        case .integer(let number): String(number)
        case .number, .boolean, .missing: nil
        }
    }
}
