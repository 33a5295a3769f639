/// Vectors as the rows of a contiguous matrix of 32-bit floats.
///
/// ```swift
/// let matrix = try EmbeddingMatrix(rows: [[3, 4], [0, 2]]).normalized()
/// matrix[row: 0]  // [0.6, 0.8]
/// ```
public struct EmbeddingMatrix: Sendable, Equatable {
    /// The number of vectors.
    public private(set) var count: Int
    /// The length of each vector.
    public let dimension: Int
    /// `count × dimension` values, in row-major order.
    public private(set) var values: [Float]
    /// Whether every vector is known to have unit length, which saves checking again.
    private(set) var isOfUnitLength = false

    /// Creates an empty matrix.
    ///
    /// - Parameters:
    ///   - dimension: The length of each vector; positive.
    ///   - capacity: The number of vectors to reserve memory for.
    package init(dimension: Int, capacity: Int = 0) {
        precondition(dimension > 0, "the dimension must be positive")
        self.count = 0
        self.dimension = dimension
        self.values = []
        values.reserveCapacity(capacity * dimension)
    }

    /// Creates a matrix from its values in row-major order.
    ///
    /// - Precondition: The number of values is a multiple of `dimension`.
    public init(dimension: Int, values: [Float]) {
        precondition(dimension > 0, "the dimension must be positive")
        precondition(values.count.isMultiple(of: dimension), "the number of values must be a multiple of the dimension")
        self.count = values.count / dimension
        self.dimension = dimension
        self.values = values
    }

    /// Creates a matrix from its vectors.
    ///
    /// - Precondition: There is at least one vector. All vectors have the same number of values, at least one.
    public init(rows: [[Float]]) {
        guard let first = rows.first else { preconditionFailure("a matrix without rows needs a dimension") }
        self.init(dimension: first.count, capacity: rows.count)
        for row in rows { append(row) }
    }

    /// Creates a matrix of `count` vectors with the values that `initialize` writes.
    ///
    /// - Parameters:
    ///   - count: The number of vectors.
    ///   - dimension: The length of each vector; positive.
    ///   - initialize: Writes all `count × dimension` values, which are initially zero.
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
        precondition(row >= 0 && row < count, "row index out of range")
        return Array(values[row * dimension..<(row + 1) * dimension])
    }

    /// Borrows one vector in place, while the matrix does not change.
    @_lifetime(borrow self)
    public func span(row: Int) -> Span<Float> {
        precondition(row >= 0 && row < count, "row index out of range")
        return values.span.extracting(row * dimension..<(row + 1) * dimension)
    }

    /// Appends one vector.
    ///
    /// - Precondition: `vector` has `dimension` values.
    public mutating func append(_ vector: some Collection<Float>) {
        precondition(vector.count == dimension, "the vector must have the matrix's dimension")
        values.append(contentsOf: vector)
        count += 1
        isOfUnitLength = false
    }

    /// Appends all vectors of another matrix of the same dimension.
    package mutating func append(contentsOf other: EmbeddingMatrix) {
        precondition(other.dimension == dimension, "the matrices must have the same dimension")
        isOfUnitLength = (isOfUnitLength || count == 0) && other.isOfUnitLength
        values.append(contentsOf: other.values)
        count += other.count
    }

    /// Whether two matrices hold the same vectors.
    public static func == (first: EmbeddingMatrix, second: EmbeddingMatrix) -> Bool {
        first.dimension == second.dimension && first.values == second.values
    }

    /// Records that every vector has unit length.
    ///
    /// - Precondition: The lengths were checked.
    mutating func rememberUnitLength() {
        isOfUnitLength = true
    }

    /// Replaces one vector by that of another matrix of the same shape.
    mutating func replaceRow(_ row: Int, with other: EmbeddingMatrix) {
        for column in row * dimension..<(row + 1) * dimension { values[column] = other.values[column] }
    }

    /// Multiplies each vector by its own factor.
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
