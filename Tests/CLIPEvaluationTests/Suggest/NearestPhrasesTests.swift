import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

/// The nearest phrases are those that comparing all pairs finds, whatever makes the search fast.
@Suite struct NearestPhrasesTests {
    private static func vectors(_ count: Int, dimension: Int, seed: UInt64, shift: Float) throws -> EmbeddingMatrix {
        var random = SeededGenerator(seed: seed)
        let values = (0..<count * dimension).map { index in
            Float.random(in: -1...1, using: &random) + (index % dimension == 0 ? shift : 0)
        }
        return try EmbeddingMatrix(dimension: dimension, values: values).normalized()
    }

    private func mean(_ images: EmbeddingMatrix) -> [Float] {
        (0..<images.dimension).map { column in
            (0..<images.count).reduce(0) { $0 + images[row: $1][column] } / Float(images.count)
        }
    }

    /// Dimensions that are no multiple of a block, and vectors with a common direction, as those of CLIP have.
    @Test(arguments: [(3, 1, 1), (37, 5, 3), (384, 70, 10), (512, 33, 600)])
    func codesRuleOutNothingThatIsNear(dimension: Int, images: Int, count: Int) throws {
        let vocabulary = try EmbeddedVocabulary(
            phrases: (0..<500).map { "\($0)" },
            vectors: Self.vectors(500, dimension: dimension, seed: 1, shift: 4),
            model: .stub(dimension: dimension)
        )
        let images = try Self.vectors(images, dimension: dimension, seed: 2, shift: 6)
        for background in [nil, mean(images)] {
            let fast = NearestPhrases(vocabulary, count: count, background: background)
            let plain = NearestPhrases(vocabulary, count: count, background: background, usesCodes: false)
            for (found, expected) in zip(try fast.hits(for: images), try plain.hits(for: images)) {
                #expect(found.count == min(count, 500))
                // Sums in another order differ in the last bits, and so may the order of phrases that are as near.
                for (hit, other) in zip(found, expected) { #expect(abs(hit.nearness - other.nearness) < 2e-6) }
                let (first, second) = (Set(found.map(\.phrase)), Set(expected.map(\.phrase)))
                #expect(first.count == found.count)
                #expect(first.subtracting(second).count <= 1)
            }
        }
    }

    @Test func wordsThatFitEverythingAreNotNearWithABackground() throws {
        let vocabulary = try EmbeddedVocabulary(
            phrases: ["thing", "cat"],
            vectors: EmbeddingMatrix(rows: [[1, 0], [0.6, 0.8]]),
            model: .stub(dimension: 2)
        )
        let images = try EmbeddingMatrix(rows: [[1, 0.2], [1, -0.2]]).normalized()
        let plain = try NearestPhrases(vocabulary, count: 1).hits(for: images)
        #expect(plain.map { $0[0].phrase } == [0, 0])
        let contrasted = try NearestPhrases(vocabulary, count: 1, background: mean(images)).hits(for: images)
        #expect(contrasted.map { $0[0].phrase } == [1, 0])
    }

    @Test func aStoreOfAnotherModelIsRefused() throws {
        let vocabulary = try EmbeddedVocabulary(
            phrases: ["cat"],
            vectors: EmbeddingMatrix(rows: [[1, 0]]),
            model: ModelDescription(
                name: "other",
                identity: "other",
                embeddingDimension: 2,
                preprocessing: ModelDescription.stub(dimension: 2).preprocessing
            )
        )
        let store = MemoryStore(model: .stub(dimension: 2))
        let error = #expect(throws: CLIPError.self) {
            try NearestPhrases(vocabulary, count: 1).run(store) { _, _ in }
        }
        #expect(error?.code == .modelMismatch)
    }
}
