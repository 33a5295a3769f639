internal import CLIPCore

/// Consecutive vectors of a store, held in memory to be compared with each other and with later ones.
struct HeldVectors {
    /// Vectors compared at a time.
    static let blockRows = 1024

    /// Position of the first vector in the store.
    let start: Int
    private let limit: Int
    private let threshold: Float
    private let keys: VectorKeys
    private var vectors: EmbeddingMatrix
    private var vectorKeys: EmbeddingMatrix
    /// The keys in tiles, when all vectors are held.
    private var tiles: KeyTiles?
    /// The work so far.
    private(set) var work = PairWork()

    /// Position after the last vector.
    var end: Int { start + vectors.count }

    /// Creates an empty buffer.
    ///
    /// - Parameters:
    ///   - start: Position of the first vector.
    ///   - limit: The maximum number of vectors to hold, unless the first block is larger.
    ///   - expected: The number of vectors to come.
    ///   - dimension: Length of the vectors.
    ///   - keys: The keys to find pairs with.
    ///   - threshold: The smallest inner product of a pair.
    init(start: Int, limit: Int, expected: Int, dimension: Int, keys: VectorKeys, threshold: Float) {
        self.start = start
        self.limit = limit
        self.threshold = threshold
        self.keys = keys
        vectors = EmbeddingMatrix(dimension: dimension, capacity: min(limit, expected))
        vectorKeys = EmbeddingMatrix(dimension: keys.dimension)
    }

    /// Holds the next vectors, while there is room.
    ///
    /// - Returns: Whether they are held.
    mutating func hold(_ block: EmbeddingMatrix) -> Bool {
        guard tiles == nil, vectors.count == 0 || vectors.count + block.count <= limit else { return false }
        vectors.append(contentsOf: block)
        if keys.areShorter { vectorKeys.append(contentsOf: keys.keys(of: block)) }
        return true
    }

    /// Compares the held vectors with each other, once; holds no more from then on.
    ///
    /// - Parameters:
    ///   - onPairs: Takes the positions of pairs, on several threads; returns whether to continue.
    ///   - onProgress: Called with the number of pairs compared since the last call.
    /// - Throws: What `onProgress` throws.
    mutating func compareAll(
        onPairs: (_ pairs: [(Int, Int)]) -> Bool,
        onProgress: (_ compared: Int) throws -> Void
    ) throws {
        guard self.tiles == nil else { return }
        let tiles = KeyTiles(keys.areShorter ? vectorKeys : vectors, reorders: keys.areShorter)
        self.tiles = tiles
        vectorKeys = EmbeddingMatrix(dimension: keys.dimension)
        var first = 0
        while first < tiles.tiles.count {
            let start = tiles.tiles[first].rows.lowerBound
            let last = tiles.tiles[first...].lastIndex { $0.rows.upperBound <= start + Self.blockRows } ?? first
            let end = tiles.tiles[last].rows.upperBound
            let done = tiles.keys.values.withUnsafeBufferPointer { values in
                let block = values[start * keys.dimension..<end * keys.dimension]
                return findPairs(tiles, of: UnsafeBufferPointer(rebasing: block), with: first..<tiles.tiles.count) {
                    row,
                    other in
                    // The block is also compared with itself: each pair occurs twice, and each vector meets itself.
                    start + row < other ? isPair(tiles.rows[other], vectors, tiles.rows[start + row]) : nil
                } onPairs: { pairs in
                    onPairs(
                        pairs.map { (self.start + tiles.rows[start + $0.blockRow], self.start + tiles.rows[$0.row]) }
                    )
                }
            }
            work += done
            try onProgress((end - start) * (vectors.count - end) + (end - start) * (end - start - 1) / 2)
            first = last + 1
        }
    }

    /// Compares later vectors with the held ones.
    ///
    /// - Parameters:
    ///   - block: At most ``blockRows`` vectors.
    ///   - position: Position of the first of them in the store.
    ///   - onPairs: Takes the positions of pairs, on several threads; returns whether to continue.
    mutating func compare(_ block: EmbeddingMatrix, at position: Int, onPairs: (_ pairs: [(Int, Int)]) -> Bool) {
        guard block.count > 0, let tiles else { return }
        let done = keys.keys(of: block).values.withUnsafeBufferPointer { values in
            findPairs(tiles, of: values, with: tiles.tiles.indices) { row, other in
                isPair(tiles.rows[other], block, row)
            } onPairs: { pairs in
                onPairs(pairs.map { (start + tiles.rows[$0.row], position + $0.blockRow) })
            }
        }
        work += done
    }

    private func findPairs(
        _ tiles: KeyTiles,
        of block: UnsafeBufferPointer<Float>,
        with range: Range<Int>,
        isPair: (_ blockRow: Int, _ row: Int) -> Bool?,
        onPairs: (_ pairs: [(blockRow: Int, row: Int)]) -> Bool
    ) -> PairWork {
        tiles.findPairs(
            of: block,
            with: range,
            threshold: threshold - keys.slack,
            rounding: 8 * keys.slack + 1e-6,
            isPair: isPair,
            onPairs: onPairs
        )
    }

    /// Whether the inner product of a held vector and another reaches the threshold, in 64 bits, so that it does not
    /// depend on how the pair was found.
    private func isPair(_ row: Int, _ others: EmbeddingMatrix, _ other: Int) -> Bool {
        let dimension = vectors.dimension
        return vectors.values.withUnsafeBufferPointer { held in
            others.values.withUnsafeBufferPointer { others in
                // Several sums: an addition depends on the previous one in its own lane only.
                var (lanes, sum) = (SIMD8<Double>.zero, 0.0)
                let vectorized = dimension - dimension % 8
                for column in stride(from: 0, to: vectorized, by: 8) {
                    lanes += Self.lane(held, row * dimension + column) * Self.lane(others, other * dimension + column)
                }
                for column in vectorized..<dimension {
                    sum += Double(held[row * dimension + column]) * Double(others[other * dimension + column])
                }
                return lanes.sum() + sum >= Double(threshold)
            }
        }
    }

    private static func lane(_ values: UnsafeBufferPointer<Float>, _ offset: Int) -> SIMD8<Double> {
        let bytes = UnsafeRawBufferPointer(values)
        return SIMD8<Double>(
            bytes.loadUnaligned(fromByteOffset: offset * MemoryLayout<Float>.stride, as: SIMD8<Float>.self)
        )
    }
}
