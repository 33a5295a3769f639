internal import CLIPCore

/// Spherical k-means (Dhillon and Modha, 2001) with k-means++ seeding (Arthur and Vassilvitskii, 2007): clusters of unit
/// vectors by their cosine with unit centres.
struct SphericalKMeans {
    /// One unit vector per cluster.
    let centres: EmbeddingMatrix
    /// The sum of each vector's cosine with its nearest centre.
    let total: Double

    private static let maximumRounds = 50

    /// Clusters vectors.
    ///
    /// - Parameters:
    ///   - vectors: Unit vectors, at least one.
    ///   - count: The number of clusters; there are fewer if there are fewer different vectors.
    ///   - seed: Determines the first centres.
    init(_ vectors: EmbeddingMatrix, count: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var centres = Self.seeds(vectors, count: count, &generator)
        var assignment = [Int](repeating: -1, count: vectors.count)
        var total = 0.0
        for _ in 0..<Self.maximumRounds {
            let nearest = Self.nearest(centres, to: vectors)
            total = nearest.reduce(0) { $0 + Double($1.cosine) }
            let next = nearest.map(\.cluster)
            guard next != assignment else { break }
            assignment = next
            centres = Self.means(vectors, assignment, of: centres)
        }
        self.centres = centres
        self.total = total
    }

    /// The nearest centre of each vector; of equally near ones, the first.
    static func nearest(_ centres: EmbeddingMatrix, to vectors: EmbeddingMatrix) -> [(cluster: Int, cosine: Float)] {
        let cosines = MatrixProduct.innerProducts(vectors, centres, rows: centres.count)
        return cosines.withUnsafeBufferPointer { cosines in
            (0..<vectors.count).map { row in
                var best = (cluster: 0, cosine: cosines[row * centres.count])
                for cluster in 1..<max(centres.count, 1) where cosines[row * centres.count + cluster] > best.cosine {
                    best = (cluster, cosines[row * centres.count + cluster])
                }
                return best
            }
        }
    }

    /// Draws centres from the vectors, each with a probability proportional to its distance from those drawn before.
    private static func seeds(
        _ vectors: EmbeddingMatrix,
        count: Int,
        _ generator: inout SeededGenerator
    ) -> EmbeddingMatrix {
        var centres = EmbeddingMatrix(dimension: vectors.dimension)
        var distances = [Double](repeating: 1, count: vectors.count)
        while centres.count < count {
            let total = distances.reduce(0, +)
            // What is left differs from a centre by rounding only.
            guard total > 1e-6 * Double(vectors.count) || centres.count == 0 else { break }
            var rest = Double(generator.next() >> 11) * 0x1p-53 * total
            let chosen = distances.firstIndex { distance in
                rest -= distance
                return rest < 0
            }
            let centre = vectors[row: chosen ?? distances.count - 1]
            centres.append(centre)
            let matrix = EmbeddingMatrix(dimension: vectors.dimension, values: centre)
            for (row, cosine) in MatrixProduct.innerProducts(vectors, matrix, rows: 1).enumerated() {
                // Half the squared distance of unit vectors.
                distances[row] = min(distances[row], max(0, 1 - Double(cosine)))
            }
        }
        return centres
    }

    /// The normalised means of the clusters; a cluster without vectors, or whose mean has no direction, keeps its
    /// centre.
    private static func means(
        _ vectors: EmbeddingMatrix,
        _ assignment: [Int],
        of centres: EmbeddingMatrix
    ) -> EmbeddingMatrix {
        let dimension = vectors.dimension
        var sums = [Double](repeating: 0, count: centres.count * dimension)
        vectors.values.withUnsafeBufferPointer { values in
            for (row, cluster) in assignment.enumerated() {
                for column in 0..<dimension {
                    sums[cluster * dimension + column] += Double(values[row * dimension + column])
                }
            }
        }
        var result = EmbeddingMatrix(dimension: dimension, capacity: centres.count)
        for cluster in 0..<centres.count {
            let sum = sums[cluster * dimension..<(cluster + 1) * dimension]
            let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
            result.append(length > 1e-9 ? sum.map { Float($0 / length) } : centres[row: cluster])
        }
        return result
    }
}
