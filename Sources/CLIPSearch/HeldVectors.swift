internal import CLIPCore

/// Consecutive vectors of a store, held in memory to be compared with later ones.
struct HeldVectors {
    /// Vectors compared at a time: their products take 4 MiB, which fits in the cache.
    static let tileRows = 1024

    /// Position of the first vector in the store.
    let start: Int
    private let threshold: Float
    private let limit: Int
    private var vectors: EmbeddingMatrix
    private var isFull = false

    /// Position after the last vector.
    var end: Int { start + vectors.count }

    /// Creates an empty buffer.
    ///
    /// - Parameters:
    ///   - start: Position of the first vector.
    ///   - limit: The maximum number of vectors to hold, unless the first block is larger.
    ///   - expected: The number of vectors to come.
    ///   - dimension: Length of the vectors.
    ///   - threshold: The smallest inner product of a pair.
    init(start: Int, limit: Int, expected: Int, dimension: Int, threshold: Float) {
        self.start = start
        self.limit = limit
        self.threshold = threshold
        vectors = EmbeddingMatrix(dimension: dimension, capacity: min(limit, expected))
    }

    /// Compares the next vectors with the held ones.
    ///
    /// While there is room, also holds them and compares them with each other.
    ///
    /// - Parameters:
    ///   - block: At most ``tileRows`` consecutive vectors.
    ///   - position: Position of the first of them in the store.
    ///   - onPair: Called with the positions of each pair, the smaller one first.
    /// - Returns: The number of pairs compared.
    /// - Throws: What `onPair` throws.
    mutating func compare(
        _ block: EmbeddingMatrix,
        at position: Int,
        onPair: (_ first: Int, _ second: Int) throws -> Void
    ) throws -> Int {
        guard block.count > 0 else { return 0 }
        let before = vectors.count
        isFull = isFull || (before > 0 && before + block.count > limit)
        if !isFull { vectors.append(contentsOf: block) }
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: block.count * Self.tileRows) { products in
            for tile in stride(from: 0, to: vectors.count, by: Self.tileRows) {
                let rows = tile..<min(tile + Self.tileRows, vectors.count)
                try compare(block, at: position, withHeld: rows, products, onPair)
            }
        }
        return before * block.count + (isFull ? 0 : block.count * (block.count - 1) / 2)
    }

    private func compare(
        _ block: EmbeddingMatrix,
        at position: Int,
        withHeld rows: Range<Int>,
        _ products: UnsafeMutableBufferPointer<Float>,
        _ onPair: (_ first: Int, _ second: Int) throws -> Void
    ) throws {
        let dimension = vectors.dimension
        block.values.withUnsafeBufferPointer { block in
            vectors.values.withUnsafeBufferPointer { held in
                let held = held[rows.lowerBound * dimension..<rows.upperBound * dimension]
                MatrixProduct.innerProducts(
                    block,
                    UnsafeBufferPointer(rebasing: held),
                    dimension: dimension,
                    into: products
                )
            }
        }
        for row in 0..<block.count {
            let line = UnsafeBufferPointer(rebasing: products[row * rows.count..<(row + 1) * rows.count])
            guard hasAny(in: line) else { continue }
            for (column, product) in line.enumerated() where product >= threshold {
                let first = start + rows.lowerBound + column
                // A held block is also compared with itself: each pair occurs twice, and each vector meets itself.
                if first < position + row { try onPair(first, position + row) }
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
}
