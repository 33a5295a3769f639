/// Token ids of several texts in the layout of a text encoder: `count × length`, in row-major order.
///
/// The elements are the texts, each with ``length`` ids:
///
/// ```swift
/// let ends = tokens.map { ids in ids.max() }
/// ```
public struct TokenBatch: Sendable, Equatable {
    private let textCount: Int
    /// The number of tokens per row, including padding.
    public let length: Int
    /// `count × length` ids.
    public let ids: [Int64]

    /// Creates a batch from rows, each padded with `paddingID`.
    ///
    /// - Precondition: No row is longer than `length`.
    public init(rows: [[Int]], length: Int, paddingID: Int) {
        precondition(rows.allSatisfy { $0.count <= length }, "a row exceeds the batch length")
        var ids = [Int64](repeating: Int64(paddingID), count: rows.count * length)
        for (row, tokens) in rows.enumerated() {
            for (column, token) in tokens.enumerated() {
                ids[row * length + column] = Int64(token)
            }
        }
        self.textCount = rows.count
        self.length = length
        self.ids = ids
    }
}

extension TokenBatch: RandomAccessCollection {
    /// The first index, 0.
    public var startIndex: Int { 0 }
    /// The number of texts.
    public var endIndex: Int { textCount }

    /// The ids of one text including padding: a slice of ``ids`` with ``length`` elements, which shares its indices.
    public subscript(text: Int) -> ArraySlice<Int64> {
        precondition(0..<count ~= text, "text index out of range")
        return ids[text * length..<(text + 1) * length]
    }
}
