import CLIPCore
import CLIPSearch

/// Comparing 200,000 embeddings of the default model's dimension with each other, as `clip-cli duplicates` does.
enum NearDuplicateSpeed {
    private static let count = 200_000
    private static let dimension = 384
    private static let copies = 2000

    static func run() throws {
        var numbers = Numbers()
        var vectors = EmbeddingMatrix(dimension: dimension, values: numbers.floats(count * dimension))
        for copy in 0..<copies {
            let vector = vectors[row: copy * 50]
            vectors.append(vector)
        }
        vectors = try vectors.normalized()
        let model = ModelDescription(
            name: "random",
            identity: "",
            embeddingDimension: dimension,
            preprocessing: PreprocessingSpec(height: 1, width: 1, resizeMode: .shortest, interpolation: .bicubic)
        )
        let store = MemoryStore(
            provenance: Provenance(model),
            block: EmbeddingBlock(ids: (0..<vectors.count).map(String.init), embeddings: vectors)
        )
        let clock = ContinuousClock()
        let start = clock.now
        let groups = try NearDuplicates().run(store)
        let seconds = (clock.now - start) / .seconds(1)
        print("\(vectors.count) × \(dimension) embeddings compared with each other, s   \(seconds)")
        guard groups.count == copies, groups.allSatisfy({ $0.members.count == 2 }) else {
            throw Failure("\(copies) pairs were planted, and \(groups.count) groups found.")
        }
    }
}
