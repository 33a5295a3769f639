internal import CLIPCore
internal import Synchronization

extension KeyTiles {
    /// Finds the rows whose keys reach a threshold together with those of a block.
    ///
    /// - Parameters:
    ///   - block: The keys of the block.
    ///   - range: The tiles to compare them with.
    ///   - threshold: The smallest product of two keys of a pair.
    ///   - rounding: The maximum effect of rounding on a squared distance of keys.
    ///   - isPair: Whether a row of the block and a row of these keys are a pair; called for those that reach the
    ///     threshold; `nil` if the two are not to be compared.
    ///   - onPairs: Takes some of the pairs, in no particular order; returns whether to continue.
    /// - Returns: The work.
    ///
    /// The closures are called on several threads.
    func findPairs(
        of block: UnsafeBufferPointer<Float>,
        with range: Range<Int>,
        threshold: Float,
        rounding: Float,
        isPair: (_ blockRow: Int, _ row: Int) -> Bool?,
        onPairs: (_ pairs: [(blockRow: Int, row: Int)]) -> Bool
    ) -> PairWork {
        let total = Mutex(PairWork())
        Parallel.forEachRange(of: range.count, minimum: 4) { part in
            var scan = TileScan(self, block, threshold: threshold, rounding: rounding)
            let tiles = range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
            scan.run(tiles, isPair: isPair, onPairs: onPairs)
            total.withLock { $0 += scan.work }
        }
        return total.withLock { $0 }
    }
}

/// The work of one thread.
private struct TileScan {
    private let tiles: KeyTiles
    private let block: UnsafeBufferPointer<Float>
    private let threshold: Float
    private let rounding: Float
    private let dimension: Int
    private let squaredLengths: [Float]
    private var near = [Int]()
    private var gathered: [Float]
    private var products: [Float]
    private var pairs = [(blockRow: Int, row: Int)]()
    private(set) var work = PairWork()

    init(_ tiles: KeyTiles, _ block: UnsafeBufferPointer<Float>, threshold: Float, rounding: Float) {
        let dimension = tiles.keys.dimension
        (self.tiles, self.block, self.threshold, self.rounding) = (tiles, block, threshold, rounding)
        self.dimension = dimension
        squaredLengths = (0..<block.count / dimension).map { row in
            block[row * dimension..<(row + 1) * dimension].reduce(0) { $0 + $1 * $1 }
        }
        gathered = [Float](repeating: 0, count: block.count)
        products = [Float](repeating: 0, count: block.count / dimension * KeyTiles.tileRows)
    }

    mutating func run(
        _ range: Range<Int>,
        isPair: (_ blockRow: Int, _ row: Int) -> Bool?,
        onPairs: (_ pairs: [(blockRow: Int, row: Int)]) -> Bool
    ) {
        var centreProducts = [Float](repeating: 0, count: range.count * squaredLengths.count)
        Self.multiply(tiles.centres, range, block, dimension, into: &centreProducts)
        work.keyProducts += centreProducts.count
        for index in range {
            let tile = tiles.tiles[index]
            let start = (index - range.lowerBound) * squaredLengths.count
            findNear(tile, centreProducts[start..<start + squaredLengths.count])
            guard !near.isEmpty else { continue }
            gathered.withUnsafeMutableBufferPointer { KeyTiles.gather(near, of: block, dimension, into: $0) }
            gathered.withUnsafeBufferPointer { gathered in
                let rows = UnsafeBufferPointer(rebasing: gathered[..<(near.count * dimension)])
                Self.multiply(tiles.keys, tile.rows, rows, dimension, into: &products)
            }
            work.keyProducts += near.count * tile.rows.count
            examine(tile, isPair)
            work.pairs += pairs.count
            guard pairs.isEmpty || onPairs(pairs) else { return }
            pairs.removeAll(keepingCapacity: true)
        }
    }

    /// Finds the rows of the block that are near enough to a tile: by the triangle inequality, others are too far from
    /// each of its keys.
    private mutating func findNear(_ tile: KeyTiles.Tile, _ centreProducts: ArraySlice<Float>) {
        near.removeAll(keepingCapacity: true)
        for (row, product) in centreProducts.enumerated() {
            let length = squaredLengths[row]
            let pairDistance = max(length + tile.squaredLength - 2 * threshold, 0).squareRoot()
            let reach = pairDistance + tile.radius
            if length + tile.squaredCentre - 2 * product <= reach * reach + rounding { near.append(row) }
        }
    }

    private mutating func examine(_ tile: KeyTiles.Tile, _ isPair: (_ blockRow: Int, _ row: Int) -> Bool?) {
        products.withUnsafeBufferPointer { products in
            for row in tile.rows {
                let start = (row - tile.rows.lowerBound) * near.count
                let line = UnsafeBufferPointer(rebasing: products[start..<start + near.count])
                guard hasAny(in: line) else { continue }
                for (column, product) in line.enumerated() where product >= threshold {
                    guard let isPair = isPair(near[column], row) else { continue }
                    work.fullProducts += 1
                    if isPair { pairs.append((near[column], row)) }
                }
            }
        }
    }

    /// Whether any product reaches the threshold.
    ///
    /// Counting all of them needs no branches and is the fastest way.
    private func hasAny(in products: UnsafeBufferPointer<Float>) -> Bool {
        var count: Int32 = 0
        for product in products {
            count &+= product >= threshold ? 1 : 0
        }
        return count > 0
    }

    /// Multiplies some rows of a matrix by all of another on this thread.
    private static func multiply(
        _ matrix: EmbeddingMatrix,
        _ rows: Range<Int>,
        _ other: UnsafeBufferPointer<Float>,
        _ dimension: Int,
        into result: inout [Float]
    ) {
        matrix.values.withUnsafeBufferPointer { values in
            result.withUnsafeMutableBufferPointer { result in
                MatrixProduct.multiply(
                    UnsafeBufferPointer(rebasing: values[rows.lowerBound * dimension..<rows.upperBound * dimension]),
                    other,
                    into: result,
                    m: rows.count,
                    n: other.count / dimension,
                    k: dimension
                )
            }
        }
    }
}
