/// An additional column of a source, besides id and image, which is stored with each vector.
public struct SourceColumn: Sendable, Hashable {
    /// The type of a column's values.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Text.
        case text
        /// 64-bit integers.
        case integer
        /// 64-bit floating-point numbers.
        case number
        /// True or false.
        case boolean
    }

    /// The column's name.
    public let name: String
    /// The type of its values.
    public let kind: Kind

    /// Creates a column.
    public init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// One value of a ``SourceColumn``.
public enum ColumnValue: Sendable, Hashable {
    /// A value of a ``SourceColumn/Kind/text`` column.
    case text(String)
    /// A value of an ``SourceColumn/Kind/integer`` column.
    case integer(Int64)
    /// A value of a ``SourceColumn/Kind/number`` column.
    case number(Double)
    /// A value of a ``SourceColumn/Kind/boolean`` column.
    case boolean(Bool)
    /// A missing value, in a column of any type.
    case missing
}
