internal import CLIPCore

/// Consecutive vectors of a store, held in memory to be compared with those that come after.
struct HeldVectors {
    /// Vectors that are compared at a time: their products take 4 MiB, which stays near the processor.
    static let tileRows = 1024

    /// Position of the first one in the store.
    let start: Int
    private let threshold: Float
    private let limit: Int
    private var vectors: EmbeddingMatrix
    private var isFull = false

    /// Position after the last one.
    var end: Int { start + vectors.count }

    /// Starts to hold vectors.
    ///
    /// - Parameters:
    ///   - start: Position of the first one that comes.
    ///   - limit: How many are held at most, but for a first block that is larger.
    ///   - expected: How many come.
    ///   - dimension: Their length.
    ///   - threshold: The least inner product of a pair.
    init(start: Int, limit: Int, expected: Int, dimension: Int, threshold: Float) {
        self.start = start
        self.limit = limit
        self.threshold = threshold
        vectors = EmbeddingMatrix(dimension: dimension, capacity: min(limit, expected))
    }

    /// Takes the next vectors: compares them with those that are held, and with each other where there is room to hold
    /// them too.
    ///
    /// - Parameters:
    ///   - block: At most ``tileRows`` vectors that follow the ones before.
    ///   - position: Position of the first of them in the store.
    ///   - onPair: Given the positions of each pair, the smaller one first.
    /// - Returns: How many pairs were compared.
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
                // A block that is held meets itself: each of its pairs twice, and each vector with itself.
                if first < position + row { try onPair(first, position + row) }
            }
        }
    }

    /// Whether a product reaches the threshold; counting them all, which takes no branch, is the fastest way to know.
    private func hasAny(in products: UnsafeBufferPointer<Float>) -> Bool {
        var count: Int32 = 0
        for product in products {
            count &+= product >= threshold ? 1 : 0
        }
        return count > 0
    }
}
