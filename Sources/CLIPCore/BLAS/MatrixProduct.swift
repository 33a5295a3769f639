/// The one matrix product of the library.
package enum MatrixProduct {
    /// Inner products of every row of `a` with each of the first `rows` rows of `b`: `a.count × rows`, row by row.
    ///
    /// Computed by OpenBLAS where it is installed, in portable Swift otherwise. The two differ by rounding only.
    static func innerProducts(_ a: EmbeddingMatrix, _ b: EmbeddingMatrix, rows: Int) -> [Float] {
        precondition(a.dimension == b.dimension, "the matrices have different dimensions")
        precondition(rows <= b.count, "there are not that many rows")
        guard a.count > 0, rows > 0 else { return [] }
        return [Float](unsafeUninitializedCapacity: a.count * rows) { result, count in
            a.values.withUnsafeBufferPointer { left in
                b.values.withUnsafeBufferPointer { right in
                    if let blas = OpenBLAS.shared {
                        blas.multiplyTransposed(
                            left.baseAddress,
                            right.baseAddress,
                            into: result.baseAddress,
                            m: a.count,
                            n: rows,
                            k: a.dimension
                        )
                    } else {
                        multiplyTransposed(left, right, into: result, m: a.count, n: rows, k: a.dimension)
                    }
                }
            }
            count = a.count * rows
        }
    }

    /// `C = A · Bᵀ` without a library, eight lanes at a time.
    package static func multiplyTransposed(
        _ a: UnsafeBufferPointer<Float>,
        _ b: UnsafeBufferPointer<Float>,
        into c: UnsafeMutableBufferPointer<Float>,
        m: Int,
        n: Int,
        k: Int
    ) {
        let vectorized = k - k % 8
        for i in 0..<m {
            for j in 0..<n {
                var lanes = SIMD8<Float>.zero
                for l in stride(from: 0, to: vectorized, by: 8) {
                    lanes += lane(a, i * k + l) * lane(b, j * k + l)
                }
                var sum = lanes.sum()
                for l in vectorized..<k {
                    sum += a[i * k + l] * b[j * k + l]
                }
                (c.baseAddress.unsafelyUnwrapped + (i * n + j)).initialize(to: sum)
            }
        }
    }

    private static func lane(_ values: UnsafeBufferPointer<Float>, _ offset: Int) -> SIMD8<Float> {
        UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + offset).loadUnaligned(as: SIMD8<Float>.self)
    }
}
