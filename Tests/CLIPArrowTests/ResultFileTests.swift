import CLIPArrow
import CLIPCore
import CLIPTesting
import Testing

@Suite struct ResultFileTests {
    private let folder: TemporaryFolder
    private let file = CategoryFile(
        categories: [
            .init(name: "a", positive: ["x", "y"], negative: ["z"], threshold: 0.25),
            .init(name: "b", positive: ["y"], threshold: 0.5),
        ],
        neutral: ["z"],
        neutralMargin: 0.125
    )
    private let classifier: Classifier
    private let images = EmbeddingMatrix(dimension: 3, values: [0.5, 0.25, 0] + [0, 0.75, 0.5] + [0.125, 0.5, 0.75])
    private let provenance = Provenance(.stub())

    init() async throws {
        folder = try TemporaryFolder()
        let axes: [String: [Float]] = ["x": [1, 0, 0], "y": [0, 1, 0], "z": [0, 0, 1]]
        let bank = try await PromptBank(file) { texts in
            EmbeddingMatrix(dimension: 3, values: texts.flatMap { axes[$0] ?? [] })
        }
        classifier = Classifier(file, bank: bank, rule: .contrast)
    }

    private func write(_ parts: [ResultPart]) throws -> ParquetResults {
        let path = folder.path + "/results.parquet"
        let schema = ResultSchema(file, layout: classifier.bank.layout, parts: parts)
        let writer = try ParquetResultWriter(path: path, schema: schema, provenance: provenance)
        let similarities = try classifier.similarities(images, includingPrompts: true)
        let decisions = try classifier.decide(classifier.score(similarities))
        try writer.append(
            ResultBlock(
                ids: ["1", "2", "3"],
                evidence: decisions.evidence,
                outcomes: decisions.outcomes,
                bestPrompts: similarities.bestPrompts()
            )
        )
        try writer.finish()
        return try ParquetResults(path: path)
    }

    @Test func aScoreThatIsNotANumberIsNamed() throws {
        let path = folder.path + "/results.parquet"
        let schema = ResultSchema(file, layout: classifier.bank.layout, parts: [.score, .positive])
        let writer = try ParquetResultWriter(path: path, schema: schema, provenance: provenance)
        var evidence = try classifier.score(images)
        evidence[3].score = .nan
        try writer.append(ResultBlock(ids: ["1", "2", "3"], evidence: evidence))
        try writer.finish()
        let error = #expect(throws: CLIPError.self) {
            try ParquetResults(path: path).forEachBlock(rows: 2) { _, _ in }
        }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.hasPrefix("\(path): the score of '2' for category 'b' is not a number.") == true)
    }

    @Test(arguments: [ResultPart.decision, ResultPart.evidence])
    func decisionsComeBackFromEvidence(_ parts: [ResultPart]) throws {
        let results = try write(parts)
        #expect(results.count == 3)
        #expect(results.provenance == provenance)
        let expected = try classifier.classify(images)
        var ids = [String]()
        var decisions = [Decisions]()
        try results.forEachDecision(rows: 2) { block, decided in
            ids += block
            decisions.append(decided)
        }
        #expect(ids == ["1", "2", "3"])
        #expect(decisions.flatMap(\.evidence) == expected.evidence)
        #expect(decisions.flatMap(\.outcomes) == expected.outcomes)
        #expect(Set(expected.outcomes).count == 3)
    }

    @Test func theSchemaSaysWhatScoresWereMadeWith() throws {
        let schema = try write(ResultPart.evidence).schema
        #expect(schema.categories.map(\.name) == ["a", "b"])
        #expect(schema.categories.map(\.threshold) == [0.25, 0.5])
        #expect(schema.categories[0].prompts == ["x", "y"])
        #expect(schema.categories[1].definition.positive == ["y"])
        #expect(schema.neutralMargin == 0.125)
        #expect(!schema.hasDecisions)
    }

    @Test func embeddingsAreNoResults() async throws {
        let writer = try ParquetEmbeddingWriter(folder: folder.path + "/store", provenance: provenance)
        try await writer.append(
            EmbeddingBlock(
                ids: ["1"],
                embeddings: .init(
                    dimension: provenance.dimension,
                    values: [1] + [Float](repeating: 0, count: provenance.dimension - 1)
                )
            )
        )
        try await writer.finish(.complete)
        let error = #expect(throws: CLIPError.self) {
            try ParquetResults(path: folder.path + "/store/part-00000.parquet")
        }
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("'classify'") == true)
    }
}
