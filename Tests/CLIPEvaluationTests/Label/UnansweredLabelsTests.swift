import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

/// Images that were drawn and have no answer still stand for others of the collection.
struct UnansweredLabelsTests {
    private typealias Row = (answer: ImageLabels.Judgement.Answer, probability: Double)

    private func images(_ rows: [Row], inStore count: Int? = nil) throws -> LabelledEmbeddings {
        let labels = try ImageLabels(
            rows.enumerated().map { index, row in
                .init(id: "\(index)", category: "dog", answer: row.answer, probability: row.probability, round: 1)
            }
        )
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(
                ids: (0..<(count ?? rows.count)).map(String.init),
                embeddings: EmbeddingMatrix(
                    dimension: 2,
                    values: (0..<(count ?? rows.count)).flatMap { _ in [1, 0] as [Float] }
                )
            )
        )
        return try LabelledEmbeddings(labels, categories: ["dog"], store: store, missingImages: .leftOut)
    }

    /// 50 of 200 matching images were drawn and 5 of them labelled; 45 of 19,800 others, of which 20.
    @Test func `the weights of a partly labelled file add up to the collection`() throws {
        let rows: [Row] =
            (0..<50).map { ($0 < 5 ? .member : .missing, 0.25) }
            + (0..<45).map { ($0 < 20 ? .nonMember : $0 < 22 ? .unsure : .missing, 45.0 / 19_800) }
        let images = try images(rows)
        #expect(images.count == 25)
        #expect(abs(images.weights(category: 0)[..<5].reduce(0, +) - 200) < 1e-9)
        #expect(abs(images.weights(category: 0).reduce(0, +) - 20_000) < 1e-6)
        let unanswered = images.unanswered(category: 0)
        #expect(unanswered.rows == 95 && unanswered.missing == 68 && unanswered.unsure == 2)
    }

    @Test func `a completely labelled file keeps its probabilities`() throws {
        let images = try images([(.member, 0.3), (.nonMember, 0.3), (.nonMember, 0.007)])
        #expect(images.probabilities == [0.3, 0.3, 0.007])
        #expect(images.unanswered(category: 0).missing == 0)
    }

    @Test func `a group without an answer shares the weights of the next one`() throws {
        let first = try images([(.unsure, 0.01), (.member, 0.1), (.nonMember, 0.1), (.nonMember, 1)])
        let weights = first.weights(category: 0)
        // 100 + 10 + 10 for two images.
        #expect(abs(weights[0] - 60) < 1e-9 && abs(weights[1] - 60) < 1e-9 && weights[2] == 1)
        let last = try images([(.member, 0.1), (.missing, 0.5), (.missing, 1)])
        #expect(abs(last.weights(category: 0)[0] - 13) < 1e-9)
    }

    @Test func `rows of images that are not in the store do not count`() throws {
        let images = try images([(.member, 0.5), (.nonMember, 0.5), (.missing, 0.5)], inStore: 2)
        #expect(images.weights(category: 0) == [2, 2])
        #expect(images.unanswered(category: 0).rows == 2)
    }

    @Test func `images of a program are weighted alike`() {
        let images = LabelledEmbeddings(
            ids: ["a", "b", "c"],
            embeddings: EmbeddingMatrix(dimension: 1, values: [1, 1, 1]),
            categories: ["dog"],
            truth: [true, nil, false],
            probabilities: [0.5, 0.5, 1]
        )
        #expect(images.weights(category: 0)[0] == 4 && images.weights(category: 0)[2] == 1)
        #expect(images.unanswered(category: 0).missing == 1)
    }

    @Test func `an image of no category beside drawn labels is refused`() throws {
        let labels = try ImageLabels([
            .init(id: "0", category: "dog", isMember: true, probability: 0.5), .init(idOfNone: "1"),
        ])
        let store = MemoryStore(
            provenance: Provenance(.stub(dimension: 2)),
            block: EmbeddingBlock(ids: ["0", "1"], embeddings: EmbeddingMatrix(dimension: 2, values: [1, 0, 1, 0]))
        )
        let error = #expect(throws: CLIPError.self) {
            try LabelledEmbeddings(labels, categories: ["dog"], store: store)
        }
        #expect(error?.message.contains("Keep the labels of a drawn sample in a separate file.") == true)
    }
}
