/// Vectors as the rows of one contiguous matrix of 32-bit floats.
///
/// ```swift
/// let matrix = try EmbeddingMatrix(rows: [[3, 4], [0, 2]]).normalized()
/// matrix[row: 0]  // [0.6, 0.8]
/// ```
public struct EmbeddingMatrix: Sendable, Equatable {
    /// Number of vectors.
    public private(set) var count: Int
    /// Length of each vector.
    public let dimension: Int
    /// `count × dimension` values, row by row.
    public private(set) var values: [Float]
    /// Whether every vector is known to be of unit length, so that nobody has to look again.
    private(set) var isOfUnitLength = false

    /// Creates an empty matrix.
    ///
    /// - Parameters:
    ///   - dimension: Length of each vector, positive.
    ///   - capacity: Number of vectors to reserve memory for.
    public init(dimension: Int, capacity: Int = 0) {
        precondition(dimension > 0, "a vector has at least one value")
        self.count = 0
        self.dimension = dimension
        self.values = []
        values.reserveCapacity(capacity * dimension)
    }

    /// Creates a matrix from its values, row by row.
    ///
    /// - Precondition: The number of values is a multiple of `dimension`.
    public init(dimension: Int, values: [Float]) {
        precondition(dimension > 0, "a vector has at least one value")
        precondition(values.count.isMultiple(of: dimension), "the values do not fill whole rows")
        self.count = values.count / dimension
        self.dimension = dimension
        self.values = values
    }

    /// Creates a matrix from its vectors.
    ///
    /// - Precondition: There is at least one vector, and all have the same number of values, at least one.
    public init(rows: [[Float]]) {
        guard let first = rows.first else { preconditionFailure("a matrix without rows needs a dimension") }
        self.init(dimension: first.count, capacity: rows.count)
        for row in rows { append(row) }
    }

    /// Creates a matrix of `count` vectors whose values are written by `initialize`.
    ///
    /// - Parameters:
    ///   - count: Number of vectors.
    ///   - dimension: Length of each vector, positive.
    ///   - initialize: Fills all `count × dimension` values; they are zero before.
    /// - Throws: What `initialize` throws.
    package init(
        count: Int,
        dimension: Int,
        initialize: (_ values: UnsafeMutableBufferPointer<Float>) throws -> Void
    ) rethrows {
        self.init(dimension: dimension, values: [Float](repeating: 0, count: count * dimension))
        try values.withUnsafeMutableBufferPointer { try initialize($0) }
    }

    /// A copy of one vector; ``span(row:)`` reads it in place.
    public subscript(row row: Int) -> [Float] {
        precondition(row >= 0 && row < count, "there is no such row")
        return Array(values[row * dimension..<(row + 1) * dimension])
    }

    /// One vector in place, for as long as the matrix does not change.
    @_lifetime(borrow self)
    public func span(row: Int) -> Span<Float> {
        precondition(row >= 0 && row < count, "there is no such row")
        return values.span.extracting(row * dimension..<(row + 1) * dimension)
    }

    /// Appends one vector.
    ///
    /// - Precondition: `vector` has `dimension` values.
    public mutating func append(_ vector: some Collection<Float>) {
        precondition(vector.count == dimension, "the vector has another dimension")
        values.append(contentsOf: vector)
        count += 1
        isOfUnitLength = false
    }

    /// Appends all vectors of another matrix of the same dimension.
    package mutating func append(contentsOf other: EmbeddingMatrix) {
        precondition(other.dimension == dimension, "the matrix has another dimension")
        isOfUnitLength = (isOfUnitLength || count == 0) && other.isOfUnitLength
        values.append(contentsOf: other.values)
        count += other.count
    }

    /// Whether two matrices hold the same vectors.
    public static func == (first: EmbeddingMatrix, second: EmbeddingMatrix) -> Bool {
        first.dimension == second.dimension && first.values == second.values
    }

    /// Remembers that every vector is of unit length.
    ///
    /// - Precondition: It was looked at.
    mutating func rememberUnitLength() {
        isOfUnitLength = true
    }

    /// Multiplies each vector by a factor of its own.
    mutating func scaleRows(by factor: (_ row: Int) -> Double) {
        let count = count
        let dimension = dimension
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<count {
                let factor = factor(row)
                for column in row * dimension..<(row + 1) * dimension {
                    values[column] = Float(Double(values[column]) * factor)
                }
            }
        }
    }
}
