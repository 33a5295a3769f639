import CLIPArrow
import CLIPCore
import CLIPReport
import CLIPTesting
import TestSupport
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
        let bank = try await PromptBank(file, dimension: 3) { texts in
            EmbeddingMatrix(dimension: 3, values: texts.flatMap { axes[$0] ?? [] })
        }
        classifier = try Classifier(file, bank: bank)
    }

    private func write(_ parts: [ResultPart]) throws -> ParquetResults {
        let path = folder.path + "/results.parquet"
        let schema = classifier.resultSchema(parts: parts)
        let writer = try ParquetResultWriter(path: path, schema: schema, provenance: provenance)
        let similarities = try classifier.similarities(images, includingPrompts: true)
        let decisions = try classifier.decide(classifier.score(similarities))
        try writer.append(
            ResultBlock(
                ids: ["1", "2", "3"],
                evidence: decisions.evidence,
                outcomes: decisions.outcomes,
                bestPrompts: PromptSimilarities(similarities)?.bestPrompts()
            )
        )
        try writer.finish()
        return try ParquetResults(path: path)
    }

    private static func evidence(_ fixture: String) throws -> [Evidence] {
        var all = [Evidence]()
        try ParquetResults(path: Fixture.path(fixture)).forEachBlock(rows: 2) { all += $1 }
        return all
    }

    @Test func notANumberIsAMissingSimilarityAsVersion01WroteIt() throws {
        let results = try ParquetResults(path: Fixture.path("results-0.1.parquet"))
        var outcomes = [Outcome]()
        try results.forEachDecision(rows: 2) { outcomes += $0.outcomes }
        #expect(outcomes == [.match, .match, .belowThreshold, .belowNeutral, .match, .belowThreshold])
        let evidence = try Self.evidence("results-0.1.parquet")
        #expect(evidence[0] == Evidence(score: 0.75, positive: 0.5, negative: 0.25, neutral: nil))
        #expect(evidence[1] == Evidence(score: 0.75, positive: 0.75, negative: nil, neutral: 0.5))
    }

    @Test func aScoreThatIsNotANumberIsNamed() throws {
        let error = #expect(throws: CLIPError.self) { try Self.evidence("results-damaged.parquet") }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message.contains("damaged.parquet: the score of 'b.jpg' for category 'cat', or a part") == true)
    }

    @Test func scoresWithoutTheNeutralSimilarityAreNotDecided() throws {
        let error = #expect(throws: CLIPError.self) { try Self.evidence("results-bare.parquet") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("'cat' without the similarities to the neutral descriptions") == true)
    }

    @Test func metadataWithoutCategoriesIsDamaged() {
        let error = #expect(throws: CLIPError.self) { try ParquetResults(path: Fixture.path("results-empty.parquet")) }
        #expect(error?.code == .corruptData)
    }

    @Test func similaritiesThatARuleOfOnesOwnFindsAreKept() async throws {
        struct Rule: ScoringRule {
            let identifier = "half"
            func score(_ similarities: Similarities) -> [Evidence] {
                similarities.evidence { row, category in
                    Evidence(score: 1, positive: row[category.positive], negative: 0.25, neutral: 0.5)
                }
            }
        }
        let plain = CategoryFile(categories: [.init(name: "a", positive: ["x"], threshold: 0)])
        let bank = try await PromptBank(plain, dimension: 3) {
            EmbeddingMatrix(dimension: 3, values: $0.flatMap { _ in [1, 0, 0] })
        }
        let classifier = try Classifier(plain, bank: bank, rule: Rule())
        let decisions = try classifier.decide(classifier.score(unitVectors: images), ids: ["1", "2", "3"])
        let path = folder.path + "/own.parquet"
        let writer = try ParquetResultWriter(
            path: path,
            classifier: classifier,
            provenance: Provenance(.stub(dimension: 3))
        )
        try writer.append(decisions)
        try writer.finish()
        var again = [Decisions]()
        try ParquetResults(path: path).forEachDecision(rows: 9) { again.append($0) }
        #expect(again.map(\.evidence) == [decisions.evidence] && again.map(\.outcomes) == [decisions.outcomes])
        #expect(decisions.outcomes == [.match, .belowNeutral, .belowNeutral])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func evidenceThatIsNotFiniteIsNotWritten(_ value: Float) throws {
        let schema = classifier.resultSchema(parts: ResultPart.decision)
        var evidence = try classifier.score(unitVectors: images)
        evidence[3].neutral = value
        let block = ResultBlock(ids: ["1", "2", "3"], evidence: evidence, outcomes: evidence.map { _ in .match })
        let path = folder.path + "/results"
        let writers: [any ResultWriter] = [
            try ParquetResultWriter(path: path + ".parquet", schema: schema, provenance: provenance),
            try CSVResultWriter(path: path + ".csv", schema: schema),
            try JSONLinesResultWriter(path: path + ".jsonl", schema: schema),
        ]
        for writer in writers {
            let error = #expect(throws: CLIPError.self) { try writer.append(block) }
            #expect(error?.code == .invalidEmbeddings)
            #expect(error?.message.hasPrefix("The score of '2' for category 'b', or a part of it, is not") == true)
        }
        let error = #expect(throws: CLIPError.self) { try classifier.decide(evidence) }
        #expect(error?.code == .invalidEmbeddings)
    }

    @Test(arguments: [ResultPart.decision, ResultPart.evidence])
    func decisionsComeBackFromEvidence(_ parts: [ResultPart]) throws {
        let results = try write(parts)
        #expect(results.count == 3)
        #expect(results.provenance == provenance)
        let expected = try classifier.decide(classifier.score(unitVectors: images))
        var ids = [String]()
        var decisions = [Decisions]()
        try results.forEachDecision(rows: 2) { decided in
            ids += decided.map(\.id)
            decisions.append(decided)
        }
        #expect(ids == ["1", "2", "3"])
        #expect(decisions.flatMap(\.evidence) == expected.evidence)
        #expect(decisions.flatMap(\.outcomes) == expected.outcomes)
        #expect(Set(expected.outcomes).count == 3)
    }

    @Test func storedScoresAreDecidedAgainWithAnotherFile() throws {
        let results = try write(ResultPart.evidence)
        var stricter = file
        stricter.categories[0].threshold = 10
        let limits = DecisionLimits(stricter)
        var outcomes = [Outcome]()
        try results.forEachDecision(rows: 2, by: stricter) { outcomes += $0.outcomes }
        let evidence = try classifier.score(unitVectors: images)
        #expect(outcomes == (try limits.decide(evidence)).outcomes)
        #expect(outcomes != (try classifier.decide(evidence)).outcomes)

        var others = [file, file, file]
        others[0].rule = .bestPrompt
        others[1].categories[0].positive = ["y"]
        others[2].model = "another"
        let codes = others.map { other in
            #expect(throws: CLIPError.self) { try results.forEachDecision(rows: 2, by: other) { _ in } }?.code
        }
        #expect(codes == [.invalidCategoryFile, .invalidCategoryFile, .modelMismatch])
    }

    @Test func scoresOfARuleOfOnesOwnAreDecidedAgainInSwift() throws {
        var own = file
        own.rule = .custom(Halved())
        let classifier = try Classifier(own, bank: classifier.bank)
        let path = folder.path + "/own.parquet"
        let ofBank = Provenance(.stub(dimension: 3))
        let writer = try ParquetResultWriter(path: path, classifier: classifier, provenance: ofBank)
        try writer.append(classifier.decide(classifier.score(unitVectors: images), ids: ["1", "2", "3"]))
        try writer.finish()
        let results = try ParquetResults(path: path)

        for category in own.categories.indices { own.categories[category].threshold = 10 }
        var matches = [[String]]()
        try results.forEachDecision(rows: 2, by: own) { matches += $0.map { $0.matches.map(\.name) } }
        #expect(matches == [[], [], []])
        for category in own.categories.indices { own.categories[category].threshold = 0.25 }
        own.neutralMargin = -2
        matches = []
        // The products with x, or y if larger, and with y are 0.5 and 0.25, 0 and 0.75, 0.125 and 0.5.
        try results.forEachDecision(rows: 2, by: own) { matches += $0.map { $0.matches.map(\.name) } }
        #expect(matches.map { $0.contains("b") } == [false, true, true])

        let error = #expect(throws: CLIPError.self) { try results.forEachDecision(rows: 2, by: file) { _ in } }
        #expect(error?.code == .invalidCategoryFile && error?.message.contains("'halved'") == true)
    }

    /// A program's own: half the positive similarity.
    private struct Halved: ScoringRule {
        let identifier = "halved"

        func score(_ similarities: Similarities) -> [Evidence] {
            similarities.evidence { row, category in
                Evidence(score: row[category.positive] / 2, positive: row[category.positive])
            }
        }
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
        let writer = try ParquetStoreWriter(path: folder.path + "/store", provenance: provenance)
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
