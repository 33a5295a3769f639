/// Token ids of several texts as a text encoder takes them: `count × length`, row by row.
///
/// The elements are the texts, each ``length`` ids:
///
/// ```swift
/// let ends = tokens.map { ids in ids.max() }
/// ```
public struct TokenBatch: Sendable, Equatable {
    private let textCount: Int
    /// Tokens in each row, padding included.
    public let length: Int
    /// `count × length` ids.
    public let ids: [Int64]

    /// Creates a batch from rows, each filled up with `paddingID`.
    ///
    /// - Precondition: No row is longer than `length`.
    public init(rows: [[Int]], length: Int, paddingID: Int) {
        precondition(rows.allSatisfy { $0.count <= length }, "a row is longer than the batch")
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
    /// 0.
    public var startIndex: Int { 0 }
    /// Number of texts.
    public var endIndex: Int { textCount }

    /// The ids of one text, ``length`` of them with padding: a part of ``ids``, whose indices they have.
    public subscript(text: Int) -> ArraySlice<Int64> {
        precondition(0..<count ~= text, "there is no such text")
        return ids[text * length..<(text + 1) * length]
    }
}
