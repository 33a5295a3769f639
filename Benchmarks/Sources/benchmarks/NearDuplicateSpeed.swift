import CLIPCore
import CLIPSearch

/// Finding near-duplicates among embeddings of the default model's dimension, as `clip-cli duplicates` does: among
/// random ones, and among a million that are distributed like those of photographs.
enum NearDuplicateSpeed {
    private static let dimension = 384

    static func run() throws {
        var numbers = Numbers()
        try search("random", numbers.unitVectors(200_000, dimension: dimension), copies: 2000, &numbers)
        try search("photographs", numbers.photographs(1_000_000, dimension: dimension), copies: 10_000, &numbers)
    }

    /// Adds noisy copies of some vectors, and finds them.
    private static func search(
        _ name: String,
        _ originals: EmbeddingMatrix,
        copies: Int,
        _ numbers: inout Numbers
    ) throws {
        var vectors = originals
        let step = originals.count / copies
        for copy in 0..<copies {
            let noise = numbers.floats(dimension)
            // The noise has a length of 0.1: a cosine of 0.995.
            vectors.append(
                zip(originals[row: copy * step], noise).map { $0 + 0.1 * $1 * (12 / Float(dimension)).squareRoot() }
            )
        }
        vectors = try vectors.normalized()
        let model = RandomModel.description(dimension: dimension)
        let store = MemoryStore(
            provenance: Provenance(model),
            block: EmbeddingBlock(ids: (0..<vectors.count).map(String.init), embeddings: vectors)
        )
        let clock = ContinuousClock()
        let start = clock.now
        let groups = try NearDuplicates().run(store)
        let seconds = (clock.now - start) / .seconds(1)
        print("\(vectors.count) × \(dimension) embeddings, \(name), s   \(seconds)")
        var group = [String: Int]()
        for (index, found) in groups.enumerated() {
            for member in found.members { group[member.id] = index }
        }
        let found = (0..<copies).count { copy in
            let original = group["\(copy * step)"]
            return original != nil && original == group["\(originals.count + copy)"]
        }
        print("groups   \(groups.count)")
        guard found == copies else { throw Failure("\(copies) copies were planted, and \(found) found.") }
    }
}

extension Numbers {
    mutating func unitVectors(_ count: Int, dimension: Int) throws -> EmbeddingMatrix {
        try EmbeddingMatrix(dimension: dimension, values: floats(count * dimension)).normalized()
    }

    /// Vectors distributed like embeddings of photographs: see `Docs/Benchmarks.md`.
    mutating func photographs(_ count: Int, dimension: Int) throws -> EmbeddingMatrix {
        let kinds = 1000
        let spectrum = (0..<dimension).map { 1 / Float($0 + 1).squareRoot() }
        var centres = (0..<kinds).map { _ in zip(floats(dimension), spectrum).map { $0 * $1 } }
        for kind in centres.indices { centres[kind][0] += 1.2 }
        var values = [Float]()
        values.reserveCapacity(count * dimension)
        for _ in 0..<count {
            let centre = centres[Int(next()) % kinds]
            for column in 0..<dimension {
                values.append(centre[column] + 0.8 * (Float(next()) / Float(UInt32.max) - 0.5) * spectrum[column])
            }
        }
        return try EmbeddingMatrix(dimension: dimension, values: values).normalized()
    }
}
