internal import CLIPCore

/// Keys in an order in which near ones follow each other, divided into tiles that can be skipped together.
struct KeyTiles {
    /// Consecutive keys.
    struct Tile {
        /// Their rows.
        let rows: Range<Int>
        /// The maximum distance of one of them from their mean.
        let radius: Float
        /// The maximum squared length of one of them.
        let squaredLength: Float
        /// The squared length of their mean.
        let squaredCentre: Float
    }

    /// The maximum number of keys of a tile.
    static let tileRows = 256

    /// The keys, in order.
    let keys: EmbeddingMatrix
    /// For each key, the row that it had before.
    let rows: [Int]
    /// The tiles, in order.
    let tiles: [Tile]
    /// The mean of each tile's keys.
    let centres: EmbeddingMatrix

    /// Divides keys into tiles.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - reorders: Whether to bring near keys together, in a copy; otherwise the order stays.
    init(_ keys: EmbeddingMatrix, reorders: Bool) {
        let clusters = reorders ? Self.clusters(of: keys) : [Array(0..<keys.count)]
        let rows = clusters.flatMap(\.self)
        let ordered =
            reorders
            ? EmbeddingMatrix(count: keys.count, dimension: keys.dimension) { ordered in
                keys.values.withUnsafeBufferPointer { Self.gather(rows, of: $0, keys.dimension, into: ordered) }
            } : keys
        var centres = EmbeddingMatrix(dimension: keys.dimension)
        var (tiles, start) = ([Tile](), 0)
        for cluster in clusters {
            let end = start + cluster.count
            for first in stride(from: start, to: end, by: Self.tileRows) {
                let (tile, centre) = Self.tile(first..<min(first + Self.tileRows, end), of: ordered)
                tiles.append(tile)
                centres.append(centre)
            }
            start = end
        }
        (self.keys, self.rows, self.tiles, self.centres) = (ordered, rows, tiles, centres)
    }

    /// Copies rows of a matrix.
    static func gather(
        _ rows: [Int],
        of matrix: UnsafeBufferPointer<Float>,
        _ dimension: Int,
        into result: UnsafeMutableBufferPointer<Float>
    ) {
        for (index, row) in rows.enumerated() {
            let source = UnsafeBufferPointer(rebasing: matrix[row * dimension..<(row + 1) * dimension])
            _ = UnsafeMutableBufferPointer(rebasing: result[(index * dimension)...]).update(fromContentsOf: source)
        }
    }

    private static func tile(_ rows: Range<Int>, of keys: EmbeddingMatrix) -> (Tile, centre: [Float]) {
        let dimension = keys.dimension
        return keys.values.withUnsafeBufferPointer { values in
            var centre = [Float](repeating: 0, count: dimension)
            for row in rows {
                for column in 0..<dimension { centre[column] += values[row * dimension + column] }
            }
            for column in 0..<dimension { centre[column] /= Float(rows.count) }
            var (radius, length) = (Float(0), Float(0))
            for row in rows {
                var (distance, own) = (Float(0), Float(0))
                for column in 0..<dimension {
                    let value = values[row * dimension + column]
                    distance += (value - centre[column]) * (value - centre[column])
                    own += value * value
                }
                (radius, length) = (max(radius, distance), max(length, own))
            }
            let squaredCentre = centre.reduce(0) { $0 + $1 * $1 }
            return (
                Tile(rows: rows, radius: radius.squareRoot(), squaredLength: length, squaredCentre: squaredCentre),
                centre
            )
        }
    }

    /// The rows of keys by the nearest of some of them.
    private static func clusters(of keys: EmbeddingMatrix) -> [[Int]] {
        let step = 2 * tileRows
        let dimension = keys.dimension
        let leaders = EmbeddingMatrix(
            dimension: dimension,
            values: stride(from: 0, to: keys.count, by: step).flatMap { keys[row: $0] }
        )
        var clusters = [[Int]](repeating: [], count: leaders.count)
        for start in stride(from: 0, to: keys.count, by: 4 * step) {
            let rows = start..<min(start + 4 * step, keys.count)
            let block = EmbeddingMatrix(
                dimension: dimension,
                values: Array(keys.values[rows.lowerBound * dimension..<rows.upperBound * dimension])
            )
            let products = MatrixProduct.innerProducts(block, leaders, rows: leaders.count)
            for row in rows {
                let line = products[(row - start) * leaders.count..<(row - start + 1) * leaders.count]
                let greatest = line.reduce(-.infinity, max)
                let leader = line.firstIndex { $0 >= greatest } ?? line.startIndex
                clusters[leader - line.startIndex].append(row)
            }
        }
        return clusters
    }
}
