internal import CLIPCore

/// A column of a table.
struct TableColumn: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case values(SourceColumn.Kind)
        /// Integers from 0 to 2^64 - 1; values that fit are stored as integers.
        case unsigned
        case bytes
        /// An unsupported type, with its format string of the Arrow C data interface.
        case other(String)
    }

    let name: String
    let kind: Kind

    init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Creates a column from a stream whose columns were converted to a few common types.
    init(name: String, format: String) {
        let kind: Kind =
            switch format {
            case "U": .values(.text)
            case "l": .values(.integer)
            case "L": .unsigned
            case "g": .values(.number)
            case "b": .values(.boolean)
            case "Z": .bytes
            default: .other(format)
            }
        self.init(name: name, kind: kind)
    }

    var isText: Bool { kind == .values(.text) }
    var isBytes: Bool { kind == .bytes }
    /// Bytes may be ids if they are UTF-8, because some programs write texts as bytes.
    var canBeID: Bool { isText || isBytes || carriedKind == .integer }

    /// The kind of its values in a store; `nil` if they cannot be stored.
    var carriedKind: SourceColumn.Kind? {
        switch kind {
        case .values(let kind): kind
        case .unsigned: .integer
        case .bytes, .other: nil
        }
    }

    /// The column's type, in human-readable form.
    var content: String {
        switch kind {
        case .values(let kind): "values of kind \(kind.rawValue)"
        case .unsigned: "values of kind \(SourceColumn.Kind.integer.rawValue)"
        case .bytes: "bytes"
        case .other(let format) where format.hasPrefix("w:"): "bytes of fixed length"
        case .other(let format) where format.hasPrefix("+l") || format.hasPrefix("+L") || format.hasPrefix("+w"):
            "lists"
        case .other("+s"): "structs"
        case .other("+m"): "maps"
        case .other(let format): "values of an unsupported type (Arrow format \(format))"
        }
    }
}
