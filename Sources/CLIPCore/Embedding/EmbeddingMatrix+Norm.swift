extension EmbeddingMatrix {
    /// The length of one vector, √Σx², accumulated in 64 bits.
    package func norm(row: Int) -> Float {
        precondition(row >= 0 && row < count, "row index out of range")
        return Float(squaredNorm(row: row).squareRoot())
    }

    /// The cosine similarity of two vectors.
    package func cosine(row: Int, with other: EmbeddingMatrix, row otherRow: Int) -> Float {
        let product = zip(self[row: row], other[row: otherRow]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        return product / (norm(row: row) * other.norm(row: otherRow))
    }

    /// Normalises every vector to unit length, so that inner products are cosine similarities.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if a vector is zero or not finite; the matrix is then
    ///   unchanged.
    package mutating func normalizeRows() throws {
        let norms = try (0..<count).map { row in
            let norm = squaredNorm(row: row).squareRoot()
            guard norm.isFinite, norm > 0 else {
                let problem = norm == 0 ? "is zero" : "contains a value that is not finite"
                throw CLIPError(.invalidEmbeddings, "Vector \(row) \(problem) and has no direction.")
            }
            return norm
        }
        scaleRows { 1 / norms[$0] }
        rememberUnitLength()
    }

    /// A copy with every vector normalised to unit length.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if a vector is zero or not finite.
    public func normalized() throws -> EmbeddingMatrix {
        var result = self
        try result.normalizeRows()
        return result
    }

    /// The tolerance for the length of unit vectors, which may have been normalised or stored as 16-bit floats.
    package static let unitLengthTolerance = 0.01

    /// The first vector whose length differs from 1 by more than ``unitLengthTolerance`` or is not finite.
    package func firstRowNotOfUnitLength() -> Int? {
        let shortest = Float((1 - Self.unitLengthTolerance) * (1 - Self.unitLengthTolerance))
        let longest = Float((1 + Self.unitLengthTolerance) * (1 + Self.unitLengthTolerance))
        return values.withUnsafeBytes { bytes in
            (0..<count).first { !(shortest...longest ~= roughSquaredNorm(bytes, row: $0)) }
        }
    }

    /// Normalises the vectors whose lengths differ from 1 by more than rounding to 32 bits; the others keep their bits.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if a vector is zero or not finite.
    package mutating func normalizeInexactRows() throws {
        // The rough length spares most vectors the exact one.
        let inexact: [Int] = values.withUnsafeBytes { bytes in
            (0..<count).filter { row in
                abs(roughSquaredNorm(bytes, row: row) - 1) > Float(Self.lengthRounding)
                    && abs(squaredNorm(row: row).squareRoot() - 1) > Self.lengthRounding
            }
        }
        guard !inexact.isEmpty else { return }
        let exact = try normalized()
        for row in inexact { replaceRow(row, with: exact) }
    }

    /// More than the length of a vector differs from 1 that was normalised in 32 bits, and so little that the product of two
    /// equal vectors is 1 within 10⁻⁶.
    private static let lengthRounding = 4e-7

    /// The squared length accumulated in 32 bits, in 16 lanes: accurate to five digits, where two are enough.
    private func roughSquaredNorm(_ bytes: UnsafeRawBufferPointer, row: Int) -> Float {
        let stride = MemoryLayout<Float>.stride
        let start = row * dimension * stride
        let vectorized = dimension - dimension % 16
        // Two accumulators: an addition depends on the previous one in its own lanes only.
        var lanes = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        for column in Swift.stride(from: 0, to: vectorized, by: 16) {
            let first = bytes.loadUnaligned(fromByteOffset: start + column * stride, as: SIMD8<Float>.self)
            let second = bytes.loadUnaligned(fromByteOffset: start + (column + 8) * stride, as: SIMD8<Float>.self)
            lanes.0 += first * first
            lanes.1 += second * second
        }
        var sum = (lanes.0 + lanes.1).sum()
        for column in vectorized..<dimension {
            let value = bytes.load(fromByteOffset: start + column * stride, as: Float.self)
            sum += value * value
        }
        return sum
    }

    private func squaredNorm(row: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            var sum = 0.0
            for column in row * dimension..<(row + 1) * dimension {
                sum += Double(values[column]) * Double(values[column])
            }
            return sum
        }
    }
}
