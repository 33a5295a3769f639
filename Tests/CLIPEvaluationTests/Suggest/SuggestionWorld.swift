import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Images whose geometry is known: a thing is an axis of its own, and an image is a sum of axes with normal noise.
///
/// The vocabulary has the things and many words with random directions.
struct SuggestionWorld {
    static let things = ["cat", "fox", "lynx", "grass", "car", "kitten", "photo"]
    static let dimension = 32

    private var random: SeededGenerator
    private var embeddings = EmbeddingMatrix(dimension: dimension)
    private var truth = [Bool?]()
    private var probabilities = [Double?]()
    private let vectors: [String: [Float]]

    init(seed: UInt64, vocabularySeed: UInt64? = nil, words: Int = 200) {
        var random = SeededGenerator(seed: vocabularySeed ?? seed)
        var vectors = [String: [Float]]()
        for (axis, thing) in Self.things.enumerated() {
            vectors[thing] = (0..<Self.dimension).map { $0 == axis ? 1 : 0 }
        }
        for word in 0..<words { vectors["word \(word)"] = Self.unit((0..<Self.dimension).map { _ in random.normal() }) }
        self.vectors = vectors
        self.random = vocabularySeed == nil ? random : SeededGenerator(seed: seed)
    }

    var embedder: TextFunction {
        TextFunction(model: .stub(dimension: Self.dimension)) { [vectors] texts in
            EmbeddingMatrix(dimension: Self.dimension, values: texts.flatMap { vectors[$0] ?? [] })
        }
    }

    var vocabulary: Vocabulary { Vocabulary(vectors.keys.sorted()) }

    /// The images, labelled for the category `cat`.
    var images: LabelledEmbeddings {
        LabelledEmbeddings(
            ids: (0..<embeddings.count).map { "\($0)" },
            embeddings: embeddings,
            categories: ["cat"],
            truth: truth,
            probabilities: probabilities
        )
    }

    /// The images in a store.
    var store: MemoryStore { store(ids: images.ids) }

    /// The images in a store under other ids.
    func store(ids: [String]) -> MemoryStore {
        MemoryStore(
            provenance: Provenance(.stub(dimension: Self.dimension)),
            block: EmbeddingBlock(ids: ids, embeddings: embeddings)
        )
    }

    mutating func add(
        _ count: Int,
        _ shares: [String: Float],
        isCat: Bool,
        noise: Float = 0.1,
        probability: Double? = nil
    ) {
        for _ in 0..<count {
            var values = (0..<Self.dimension).map { _ in noise * random.normal() }
            for (thing, share) in shares {
                if let axis = Self.things.firstIndex(of: thing) { values[axis] += share }
            }
            embeddings.append(Self.unit(values))
            truth.append(isCat)
            probabilities.append(probability)
        }
    }

    func suggestions(_ file: CategoryFile, partitions: Int = 2) async throws -> DescriptionSuggestions {
        let vocabulary = try await vocabulary.embedded(by: embedder)
        let suggester = DescriptionSuggester(
            vocabulary: vocabulary,
            partitions: partitions,
            bootstrap: BootstrapOptions(resamples: 100)
        )
        return try await suggester.run(file, images: images, embedder: embedder)
    }

    private static func unit(_ values: [Float]) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / length }
    }
}

extension SeededGenerator {
    /// A number of the standard normal distribution (Box and Muller).
    fileprivate mutating func normal() -> Float {
        let uniform = { (bits: UInt64) in (Float(bits >> 40) + 0.5) / Float(1 << 24) }
        return (-2 * log(uniform(next()))).squareRoot() * cos(2 * .pi * uniform(next()))
    }
}
