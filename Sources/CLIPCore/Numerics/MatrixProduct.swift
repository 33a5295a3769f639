/// Matrix products.
package enum MatrixProduct {
    /// The least number of multiplications that are done at a time.
    private static let multiplicationsAtATime = 1 << 20
    /// The numbers of rows that are done at a time: few rows do not pay for what OpenBLAS does to the other matrix before.
    private static let rowsAtATime = 32...256

    /// The inner products of every row of `a` with each of the first `rows` rows of `b`: `a.count × rows`, in row-major
    /// order.
    ///
    /// Uses all CPU cores, with OpenBLAS if it is installed and portable Swift otherwise. The two differ only by
    /// rounding, and so does OpenBLAS for other numbers of rows, or with kernels for another kind of processor. The number
    /// of CPU cores does not matter.
    package static func innerProducts(_ a: EmbeddingMatrix, _ b: EmbeddingMatrix, rows: Int) -> [Float] {
        precondition(a.dimension == b.dimension, "the matrices must have the same dimension")
        precondition(rows <= b.count, "the row count is out of range")
        guard a.count > 0, rows > 0 else { return [] }
        let dimension = a.dimension
        return [Float](unsafeUninitializedCapacity: a.count * rows) { result, count in
            a.values.withUnsafeBufferPointer { left in
                b.values.withUnsafeBufferPointer { right in
                    let right = UnsafeBufferPointer(rebasing: right[..<(rows * dimension)])
                    innerProducts(left, right, dimension: dimension, into: result)
                }
            }
            count = a.count * rows
        }
    }

    /// Writes the inner products of every row of `a` with every row of `b` to memory of the caller, in row-major order.
    ///
    /// - Precondition: `result` has room for the products, and both matrices have at least one row.
    package static func innerProducts(
        _ a: UnsafeBufferPointer<Float>,
        _ b: UnsafeBufferPointer<Float>,
        dimension: Int,
        into result: UnsafeMutableBufferPointer<Float>
    ) {
        let (count, rows) = (a.count / dimension, b.count / dimension)
        precondition(count > 0 && rows > 0 && result.count >= count * rows, "the result must hold all products")
        nonisolated(unsafe) let (a, b, result) = (a, b, result)
        // An eighth of the rows, whatever the number of CPU cores, which would change how results are rounded.
        let size = max(
            min(max(count / 8, rowsAtATime.lowerBound), rowsAtATime.upperBound),
            multiplicationsAtATime / (rows * dimension)
        )
        Parallel.forEachTile(of: count, size: size) { range in
            multiply(
                UnsafeBufferPointer(rebasing: a[range.lowerBound * dimension..<range.upperBound * dimension]),
                b,
                into: UnsafeMutableBufferPointer(rebasing: result[range.lowerBound * rows..<range.upperBound * rows]),
                m: range.count,
                n: rows,
                k: dimension
            )
        }
    }

    /// `C = A · Bᵀ` on this thread, with OpenBLAS if it is installed.
    ///
    /// - Precondition: `a` has `m` rows and `b` has `n` rows of `k` values, and `c` has room for `m × n`.
    package static func multiply(
        _ a: UnsafeBufferPointer<Float>,
        _ b: UnsafeBufferPointer<Float>,
        into c: UnsafeMutableBufferPointer<Float>,
        m: Int,
        n: Int,
        k: Int
    ) {
        if let blas = OpenBLAS.shared {
            blas.multiplyTransposed(a.baseAddress, b.baseAddress, into: c.baseAddress, m: m, n: n, k: k)
        } else {
            multiplyTransposed(a, b, into: c, m: m, n: n, k: k)
        }
    }

    /// `C = A · Bᵀ` in portable Swift, with eight SIMD lanes.
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
