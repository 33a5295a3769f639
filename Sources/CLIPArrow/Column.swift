/// Values of one column of a table.
enum Column {
    /// Texts.
    case text([String])
    /// Lists of texts.
    case textLists([[String]])
    /// 32-bit floats.
    case float([Float])
    /// Vectors of `dimension` 32-bit floats, one after the other.
    case vectors([Float], dimension: Int)

    /// What a column holds, without its values.
    enum Kind: Equatable {
        case text
        case textLists
        case float
        case vectors(dimension: Int)

        /// Format string of the Arrow C data interface.
        var format: String {
            switch self {
            case .text: "u"
            case .textLists: "+l"
            case .float: "f"
            case .vectors(let dimension): "+w:\(dimension)"
            }
        }

        /// The kind and name of the items of a list.
        var item: (name: String, kind: Kind)? {
            switch self {
            case .text, .float: nil
            case .textLists: ("item", .text)
            case .vectors: ("item", .float)
            }
        }
    }

    var kind: Kind {
        switch self {
        case .text: .text
        case .textLists: .textLists
        case .float: .float
        case .vectors(_, let dimension): .vectors(dimension: dimension)
        }
    }

    var count: Int {
        switch self {
        case .text(let values): values.count
        case .textLists(let values): values.count
        case .float(let values): values.count
        case .vectors(let values, let dimension): values.count / dimension
        }
    }
}
