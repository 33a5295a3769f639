extension EmbeddingMatrix {
    /// The direction of a weighted sum of the vectors: `Σ wᵢ·xᵢ / |Σ wᵢ·xᵢ|` over the vectors xᵢ, each normalised to
    /// length 1 first.
    ///
    /// ```swift
    /// // Similar to the first query and dissimilar to the second.
    /// let query = try queries.weightedDirection([1, -0.5])
    /// ```
    ///
    /// - Parameter weights: One number per vector; a negative weight points away from the vector.
    /// - Returns: A matrix with one row, of length 1.
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if the sum is zero within rounding (10⁻⁶ of the sum of all
    ///   |wᵢ|) or a vector has no direction.
    package func weightedDirection(_ weights: [Double]) throws -> EmbeddingMatrix {
        precondition(weights.count == count, "there must be one weight per vector")
        precondition(weights.allSatisfy(\.isFinite), "weights must be finite")
        var unit = self
        try unit.normalizeRows()
        var sum = [Double](repeating: 0, count: dimension)
        // Only the ratios matter, and squares of very large or small weights would be infinite or zero.
        let largest = weights.map(abs).max() ?? 0
        let weights = weights.map { largest > 0 ? $0 / largest : 0 }
        for (row, weight) in weights.enumerated() {
            for (column, value) in unit[row: row].enumerated() {
                sum[column] += weight * Double(value)
            }
        }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 1e-6 * weights.reduce(0, { $0 + abs($1) }) else {
            throw CLIPError(
                .invalidEmbeddings,
                "The weighted queries cancel each other out: their sum has no direction. Change the weights."
            )
        }
        return EmbeddingMatrix(dimension: dimension, values: sum.map { Float($0 / length) })
    }
}
