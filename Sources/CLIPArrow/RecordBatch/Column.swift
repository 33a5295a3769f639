/// Values of one column of a table.
package enum Column {
    /// Texts.
    case text([String])
    /// Texts, some of them missing.
    case optionalText([String?])
    /// Lists of texts of which there are few different ones: their positions in `of`, list after list, and the lists'
    /// lengths.
    case choiceLists([Int32], lengths: [Int], of: [String])
    /// 64-bit integers, some of them missing.
    case integers([Int64?])
    /// 64-bit floats, some of them missing.
    case numbers([Double?])
    /// Truth values, some of them missing.
    case booleans([Bool?])
    /// 32-bit floats.
    case float([Float])
    /// 32-bit floats, some of them missing.
    case optionalFloats([Float?])
    /// Texts of which there are few different ones: their positions in a list.
    case choice([Int32], of: [String])
    /// Vectors of `dimension` values, one after the other.
    case vectors([Float], dimension: Int, elementType: EmbeddingElementType)

    /// What a column holds, without its values.
    enum Kind: Equatable {
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

        /// Format string of the Arrow C data interface.
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
            }
        }

        /// Whether values may be missing.
        var isNullable: Bool {
            switch self {
            case .optionalText, .integer, .number, .boolean, .optionalFloat: true
            case .text, .choiceLists, .float, .half, .choice, .vectors: false
            }
        }

        /// The kind and name of the items of a list.
        var item: (name: String, kind: Kind)? {
            switch self {
            case .choiceLists: ("item", .text)
            case .vectors(_, .float32): ("item", .float)
            case .vectors(_, .float16): ("item", .half)
            case .text, .optionalText, .integer, .number, .boolean, .float, .optionalFloat, .half, .choice: nil
            }
        }

        /// The kind of what positions stand for.
        var dictionary: Kind? { self == .choice ? .text : nil }
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
        }
    }
}
