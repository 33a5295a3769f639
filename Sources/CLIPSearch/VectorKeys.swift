internal import CLIPCore

/// Short keys of vectors whose inner products are upper bounds of the vectors' inner products.
///
/// A key consists of the vector's coordinates in an orthonormal basis of a few directions, and the length of the rest,
/// which is orthogonal to them. By the Cauchy–Schwarz inequality, x·y ≤ key(x)·key(y).
struct VectorKeys: Sendable {
    /// The directions, one per row; `nil` if vectors are their own keys.
    private let basis: EmbeddingMatrix?
    /// Length of the keys.
    let dimension: Int
    /// The maximum effect of rounding on the bound, for vectors with lengths of about 1.
    let slack: Float

    /// Vectors of a dimension as their own keys.
    init(dimension: Int) {
        basis = nil
        self.dimension = dimension
        // The error of a 32-bit sum of products is at most dimension · 2⁻²⁴ · |x||y|, in any order.
        slack = 1.1 * Float(dimension) * 0x1p-24
    }

    /// Keys of a basis.
    ///
    /// - Parameter basis: Orthonormal directions, at least one.
    init(basis: EmbeddingMatrix) {
        self.basis = basis
        dimension = basis.count + 1
        // Each of the coordinates has the error of a sum; it affects the product of keys twice, and the rest's length.
        slack = 4 * Float(dimension).squareRoot() * Float(basis.dimension) * 0x1p-24
    }

    /// Whether keys are shorter than vectors.
    var areShorter: Bool { basis != nil }

    /// The keys of vectors.
    func keys(of vectors: EmbeddingMatrix) -> EmbeddingMatrix {
        guard let basis, vectors.count > 0 else { return vectors }
        let coordinates = MatrixProduct.innerProducts(vectors, basis, rows: basis.count)
        return EmbeddingMatrix(count: vectors.count, dimension: dimension) { keys in
            for row in 0..<vectors.count {
                let norm = vectors.norm(row: row)
                var rest = norm * norm
                for column in 0..<basis.count {
                    let coordinate = coordinates[row * basis.count + column]
                    keys[row * dimension + column] = coordinate
                    rest -= coordinate * coordinate
                }
                // Never too short.
                keys[row * dimension + basis.count] = (max(rest, 0) + slack).squareRoot()
            }
        }
    }
}
