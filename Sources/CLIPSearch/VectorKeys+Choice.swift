internal import CLIPCore

extension VectorKeys {
    /// Lengths of keys to choose from.
    private static let lengths = [8, 16, 32, 64, 128]
    /// The time of comparing one pair of vectors, in multiplications of a matrix product.
    private static let pairCost = 4000.0
    /// The time of writing and examining one product of a matrix, in multiplications.
    private static let productCost = 16.0

    /// Chooses the keys with which a search takes the least time, judging by pairs of a sample.
    ///
    /// - Parameters:
    ///   - sample: Some of the vectors.
    ///   - threshold: The smallest inner product of a pair.
    init(for sample: EmbeddingMatrix, threshold: Float) {
        self.init(dimension: sample.dimension)
        guard sample.count > 1 else { return }
        var best = Double(dimension) + Self.productCost
        for length in Self.lengths where 2 * length <= sample.dimension {
            guard let keys = VectorKeys(length: length, sample: sample) else { continue }
            let cost =
                Double(keys.dimension) + Self.productCost
                + Self.pairCost * keys.candidateShare(of: sample, threshold: threshold)
            if cost < best { (self, best) = (keys, cost) }
        }
    }

    /// Keys of a length in the basis that preserves most of the vectors' lengths, the sample's first principal
    /// directions; shorter if the sample has fewer dimensions, and `nil` if it is empty.
    init?(length: Int, sample: EmbeddingMatrix) {
        guard sample.count > 0, length > 1 else { return nil }
        let columns = EmbeddingMatrix(count: sample.dimension, dimension: sample.count) { columns in
            for row in 0..<sample.count {
                for (column, value) in sample[row: row].enumerated() { columns[column * sample.count + row] = value }
            }
        }
        // Subspace iteration; an inexact result makes keys less effective, not wrong.
        var basis = Self.orthonormal(sample, limit: length - 1)
        for _ in 0..<4 {
            let coordinates = MatrixProduct.innerProducts(basis, sample, rows: sample.count)
            let images = MatrixProduct.innerProducts(
                EmbeddingMatrix(dimension: sample.count, values: coordinates),
                columns,
                rows: columns.count
            )
            basis = Self.orthonormal(EmbeddingMatrix(dimension: sample.dimension, values: images), limit: length - 1)
        }
        guard basis.count > 0 else { return nil }
        self.init(basis: basis)
    }

    /// The share of a sample's pairs whose keys reach the threshold.
    private func candidateShare(of sample: EmbeddingMatrix, threshold: Float) -> Double {
        let keys = keys(of: sample)
        let products = MatrixProduct.innerProducts(keys, keys, rows: keys.count)
        let reached = products.reduce(into: 0) { count, product in count += product >= threshold - slack ? 1 : 0 }
        // Each vector's product with itself is among them.
        return Double(reached - sample.count) / Double(sample.count * (sample.count - 1))
    }

    /// An orthonormal basis of at most `limit` vectors, by the Gram–Schmidt process in 64 bits.
    private static func orthonormal(_ vectors: EmbeddingMatrix, limit: Int) -> EmbeddingMatrix {
        var basis = [[Double]]()
        for row in 0..<vectors.count where basis.count < limit {
            var rest = vectors[row: row].map(Double.init)
            let before = length(rest)
            // Twice: the first time leaves what rounding adds.
            for _ in 0..<2 {
                for direction in basis {
                    let coordinate = zip(rest, direction).reduce(0) { $0 + $1.0 * $1.1 }
                    for column in rest.indices { rest[column] -= coordinate * direction[column] }
                }
            }
            let after = length(rest)
            guard after > 1e-4 * before else { continue }
            basis.append(rest.map { $0 / after })
        }
        return EmbeddingMatrix(dimension: vectors.dimension, values: basis.flatMap { $0.map { Float($0) } })
    }

    private static func length(_ vector: [Double]) -> Double {
        vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}
