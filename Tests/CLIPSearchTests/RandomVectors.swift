import CLIPCore
import CLIPTesting

/// Unit vectors of a fixed seed, and a store that gives them out in blocks of its own size.
struct RandomVectors {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// Numbers from −1 to 1 (Knuth's MMIX generator).
    mutating func values(_ count: Int) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
        }
    }

    mutating func matrix(_ count: Int, dimension: Int) throws -> EmbeddingMatrix {
        var matrix = EmbeddingMatrix(dimension: dimension, values: values(count * dimension))
        try matrix.normalizeRows()
        return matrix
    }
}

extension MemoryStore {
    /// A store of vectors whose ids are their places.
    convenience init(_ vectors: EmbeddingMatrix) {
        self.init(
            provenance: Provenance(.stub(dimension: vectors.dimension)),
            block: EmbeddingBlock(ids: (0..<vectors.count).map(String.init), embeddings: vectors)
        )
    }
}

/// A store that gives out blocks of its own sizes, as one of several files does.
struct UnevenStore: EmbeddingReader {
    let all: MemoryStore
    let sizes: [Int]
    let name = "uneven"

    var provenance: Provenance { all.provenance }
    var count: Int { all.count }

    func forEachBlock(rows: Int, _ body: (EmbeddingBlock) throws -> Void) throws {
        var start = 0
        var turn = 0
        while start < count {
            let end = min(start + min(sizes[turn % sizes.count], rows), count)
            let part = all.block.embeddings.values[start * provenance.dimension..<end * provenance.dimension]
            try body(
                EmbeddingBlock(
                    ids: Array(all.block.ids[start..<end]),
                    embeddings: EmbeddingMatrix(dimension: provenance.dimension, values: Array(part))
                )
            )
            start = end
            turn += 1
        }
    }
}

extension EmbeddingMatrix {
    /// Exact inner product of two rows, in 64-bit.
    func product(_ row: Int, _ other: EmbeddingMatrix, _ otherRow: Int) -> Double {
        zip(self[row: row], other[row: otherRow]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
