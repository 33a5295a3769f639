/// A column that a source has besides id and image, and that goes into the store with each vector.
public struct SourceColumn: Sendable, Hashable {
    /// What the values of a column are.
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
    /// What its values are.
    public let kind: Kind

    /// Describes a column.
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
    /// No value, in a column of any kind.
    case missing
}
