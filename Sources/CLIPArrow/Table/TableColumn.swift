internal import CLIPCore

/// A column of a table, as it is read.
struct TableColumn: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case values(SourceColumn.Kind)
        /// Integers from 0 to 2^64 - 1; those that fit are stored as integers.
        case unsigned
        case bytes
        /// Of a type that is not read, with its format string of the Arrow C data interface.
        case other(String)
    }

    let name: String
    let kind: Kind

    init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Describes a column of a stream that was converted to few types.
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
    /// Bytes are ids where they are UTF-8: some programs write texts so.
    var canBeID: Bool { isText || isBytes || carriedKind == .integer }

    /// The kind of its values in a store; `nil` where they are not stored.
    var carriedKind: SourceColumn.Kind? {
        switch kind {
        case .values(let kind): kind
        case .unsigned: .integer
        case .bytes, .other: nil
        }
    }

    /// What the column holds, for a person.
    var content: String {
        switch kind {
        case .values(let kind): "values of kind \(kind.rawValue)"
        case .unsigned: "values of kind \(SourceColumn.Kind.integer.rawValue)"
        case .bytes: "bytes"
        case .other(let format) where format.hasPrefix("w:"): "bytes of one length"
        case .other(let format) where format.hasPrefix("+l") || format.hasPrefix("+L") || format.hasPrefix("+w"):
            "lists"
        case .other("+s"): "structs"
        case .other("+m"): "maps"
        case .other(let format): "values of a type that is not read (Arrow format \(format))"
        }
    }
}
