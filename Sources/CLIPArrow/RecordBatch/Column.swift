/// The values of one column of a table.
package enum Column {
    /// Texts.
    case text([String])
    /// Texts, which may be missing.
    case optionalText([String?])
    /// Lists of texts with few distinct values: their indices in `of`, list after list, and the lengths of the lists.
    case choiceLists([Int32], lengths: [Int], of: [String])
    /// 64-bit integers, which may be missing.
    case integers([Int64?])
    /// 64-bit floats, which may be missing.
    case numbers([Double?])
    /// Booleans, which may be missing.
    case booleans([Bool?])
    /// 32-bit floats.
    case float([Float])
    /// 32-bit floats, which may be missing.
    case optionalFloats([Float?])
    /// Texts with few distinct values: their indices in `of`.
    case choice([Int32], of: [String])
    /// Vectors of `dimension` values, row after row.
    case vectors([Float], dimension: Int, elementType: EmbeddingElementType)
    /// Values that are never missing, with those of some rows taken away.
    indirect case masked(Column, isPresent: [Bool])
    /// Bytes, the same number in each row.
    case bytes([UInt8], rowBytes: Int)

    /// The type of a column.
    package enum Kind: Sendable, Equatable {
        case text
        case optionalText
        case choiceLists
        case integer
        case number
        case boolean
        case float
        case optionalFloat
        case half
        case choice
        case vectors(dimension: Int, elementType: EmbeddingElementType)
        /// Values of a kind that is not nullable, which may be missing all the same.
        indirect case optional(Kind)
        case bytes

        /// The format string of the Arrow C data interface.
        var format: String {
            switch self {
            case .text, .optionalText: "u"
            case .choiceLists: "+l"
            case .integer: "l"
            case .number: "g"
            case .boolean: "b"
            case .float, .optionalFloat: "f"
            case .half: "e"
            case .choice: "i"
            case .vectors(let dimension, _): "+w:\(dimension)"
            case .optional(let kind): kind.format
            case .bytes: "z"
            }
        }

        /// Whether values may be missing.
        package var isNullable: Bool {
            switch self {
            case .optionalText, .integer, .number, .boolean, .optionalFloat, .optional: true
            case .text, .choiceLists, .float, .half, .choice, .vectors, .bytes: false
            }
        }

        /// The name and kind of a list's items.
        var item: (name: String, kind: Kind)? {
            switch self {
            case .choiceLists: ("item", .text)
            case .vectors(_, .float32): ("item", .float)
            case .vectors(_, .float16): ("item", .half)
            case .optional(let kind): kind.item
            case .text, .optionalText, .integer, .number, .boolean, .float, .optionalFloat, .half, .choice, .bytes:
                nil
            }
        }

        /// The kind of the dictionary's values.
        var dictionary: Kind? {
            switch self {
            case .choice: .text
            case .optional(let kind): kind.dictionary
            default: nil
            }
        }
    }

    var count: Int {
        switch self {
        case .text(let values): values.count
        case .optionalText(let values): values.count
        case .choiceLists(_, let lengths, _): lengths.count
        case .integers(let values): values.count
        case .numbers(let values): values.count
        case .booleans(let values): values.count
        case .float(let values): values.count
        case .optionalFloats(let values): values.count
        case .choice(let positions, _): positions.count
        case .vectors(let values, let dimension, _): values.count / dimension
        case .masked(_, let isPresent): isPresent.count
        case .bytes(let bytes, let rowBytes): bytes.count / rowBytes
        }
    }
}

extension Column {
    /// The same values without those of some rows.
    func masked(_ isPresent: [Bool]) -> Column {
        switch self {
        case .optionalFloats(let values): .optionalFloats(zip(values, isPresent).map { $1 ? $0 : nil })
        default: .masked(self, isPresent: isPresent)
        }
    }
}

extension Column.Kind {
    /// The kind of ``Column/masked(_:)`` values.
    var masked: Column.Kind { isNullable ? self : .optional(self) }
}
