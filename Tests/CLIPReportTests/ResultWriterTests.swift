import CLIPCore
import CLIPReport
import CLIPTesting
import Foundation
import TestSupport
import Testing

@Suite struct ResultWriterTests {
    private let folder: TemporaryFolder
    private let file: CategoryFile
    private let classifier: Classifier

    init() async throws {
        folder = try TemporaryFolder()
        file = CategoryFile(categories: [
            .init(name: "left, \"right\"", positive: ["x"], negative: ["z"], threshold: 0.5),
            .init(name: "up", positive: ["y"], threshold: 0.5),
        ])
        let vectors: [String: [Float]] = ["x": [1, 0, 0], "y": [0, 1, 0], "z": [0, 0, 1]]
        let bank = try await PromptBank(file, dimension: 3) { texts in
            EmbeddingMatrix(dimension: 3, values: texts.flatMap { vectors[$0] ?? [] })
        }
        classifier = try Classifier(file, bank: bank)
    }

    private func schema(_ parts: [ResultPart]) -> ResultSchema {
        classifier.resultSchema(parts: parts)
    }

    private func decisions(ids: [String]? = ["both", "line\nbreak", "ünïcode/none"]) throws -> Decisions {
        let images = EmbeddingMatrix(dimension: 3, values: [0.5, 0.5, 0] + [1, -0.25, 0.25] + [0, 0, 0])
        return try classifier.decide(classifier.score(unitVectors: images), ids: ids)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try FileBytes.read("\(folder.path)/\(name)"), as: UTF8.self)
    }

    @Test func csvQuotesWhatNeedsIt() throws {
        let path = folder.path + "/results.csv"
        let writer = try CSVResultWriter(path: path, classifier: classifier, parts: [.score, .outcome, .negative])
        try writer.append(decisions())
        try writer.finish()
        let header =
            "id,categories,\"score_left, \"\"right\"\"\",\"outcome_left, \"\"right\"\"\",\"negative_left, \"\"right\"\"\","
            + "score_up,outcome_up"
        #expect(
            try text("results.csv") == """
                \(header)\r
                both,"left, ""right"";up",0.5,match,0.0,0.5,match\r
                "line\nbreak","left, ""right""\",0.75,match,0.25,-0.25,below-threshold\r
                ünïcode/none,,0.0,below-threshold,0.0,0.0,below-threshold\r

                """
        )
    }

    @Test func decisionsAlwaysSayWhichCategoriesMatch() throws {
        let path = folder.path + "/results.csv"
        let writer = try CSVResultWriter(path: path, classifier: classifier, parts: [.score])
        try writer.append(decisions())
        try writer.finish()
        #expect(try text("results.csv").hasPrefix("id,categories,"))
    }

    @Test func decisionsHaveAllPartsButTheNearestPrompt() throws {
        let path = folder.path + "/results.csv"
        let writer = try CSVResultWriter(path: path, classifier: classifier, parts: ResultPart.allCases)
        try writer.append(decisions())
        try writer.finish()
        #expect(try text("results.csv").hasPrefix("id,categories,\"score_left"))
        #expect(try !text("results.csv").contains("best_prompt"))
    }

    @Test func decisionsOfAnotherClassifierOrWithoutIDsAreACallersMistake() async {
        await #expect(processExitsWith: .failure) {
            let (classifier, folder) = (try await Self.classifier(of: "up"), try TemporaryFolder())
            let other = try await Self.classifier(of: "up", threshold: 0.6)
            let decisions = try other.classify(EmbeddingMatrix(rows: [[1, 0, 0]]), ids: ["a"])
            try CSVResultWriter(path: folder.path + "/r.csv", classifier: classifier).append(decisions)
        }
        await #expect(processExitsWith: .failure) {
            let (classifier, folder) = (try await Self.classifier(of: "up"), try TemporaryFolder())
            let decisions = try classifier.classify(EmbeddingMatrix(rows: [[1, 0, 0]]))
            try CSVResultWriter(path: folder.path + "/r.csv", classifier: classifier).append(decisions)
        }
    }

    @Test func aFinishedFileAcceptsNothingMore() throws {
        let path = folder.path + "/results"
        let csv = try CSVResultWriter(path: path + ".csv", classifier: classifier)
        let lines = try JSONLinesResultWriter(path: path + ".jsonl", classifier: classifier)
        let decisions = try decisions()
        for writer in [csv, lines] as [any ResultWriter] {
            try writer.finish()
            let late = #expect(throws: CLIPError.self) {
                try writer.append(ResultBlock(ids: decisions.map(\.id), decisions: decisions))
            }
            #expect(late?.code == .storage && late?.message.contains("already finished") == true)
            #expect(throws: CLIPError.self) { try writer.finish() }
        }
    }

    @Test func aStoreIsWrittenBlockByBlock() async throws {
        let ids = (0..<5000).map { "\($0).jpg" }
        let rows = ids.indices.map { $0 % 2 == 0 ? [Float]([1, 0, 0]) : [0, 1, 0] }
        let model = ModelDescription.stub(dimension: 3)
        let store = MemoryStore(
            provenance: Provenance(model),
            block: EmbeddingBlock(ids: ids, embeddings: EmbeddingMatrix(rows: rows))
        )
        let writer = try CSVResultWriter(path: folder.path + "/results.csv", classifier: classifier, parts: [])
        for try await decisions in try classifier.decisions(of: store) { try writer.append(decisions) }
        try writer.finish()
        let written = try text("results.csv").split(separator: "\r\n").dropFirst()
        #expect(written.count == 5000)
        #expect(written.map { $0.prefix { $0 != "," } } == ids.map { $0[...] })
    }

    private static func classifier(of category: String, threshold: Float = 0.5) async throws -> Classifier {
        let file = CategoryFile(categories: [.init(name: category, positive: ["x"], threshold: threshold)])
        let bank = try await PromptBank(file, dimension: 3) {
            EmbeddingMatrix(dimension: 3, values: $0.flatMap { _ in [1, 0, 0] })
        }
        return try Classifier(file, bank: bank)
    }

    @Test func scoresAloneSayNothingOfCategories() throws {
        let path = folder.path + "/scores.csv"
        let writer = try CSVResultWriter(path: path, schema: schema([.score, .bestPrompt]))
        let similarities = try classifier.similarities(
            EmbeddingMatrix(dimension: 3, values: [0.5, 0.25, 0]),
            includingPrompts: true
        )
        try writer.append(
            ResultBlock(
                ids: ["a"],
                evidence: classifier.score(similarities),
                bestPrompts: PromptSimilarities(similarities)?.bestPrompts()
            )
        )
        try writer.finish()
        let lines = try text("scores.csv").split(separator: "\r\n")
        #expect(lines.last == "a,0.5,x,0.25,y")
    }

    @Test func aNameThatWouldFallApartIsRefusedBeforeAnythingIsWritten() async throws {
        let classifier = try await Self.classifier(of: "up;down")
        let path = folder.path + "/results.csv"
        let error = #expect(throws: CLIPError.self) { try CSVResultWriter(path: path, classifier: classifier) }
        #expect(error?.message.contains("'up;down'. Write .parquet or .jsonl") == true)
        #expect(folder.names() == [])
        let scores = classifier.resultSchema(parts: [.score])
        #expect(throws: Never.self) { try CSVResultWriter(path: path, schema: scores) }
    }

    @Test func jsonLinesHoldOneObjectAnImage() throws {
        let path = folder.path + "/results.jsonl"
        let writer = try JSONLinesResultWriter(path: path, classifier: classifier, parts: [.score, .outcome])
        try writer.append(decisions())
        try writer.finish()
        let first = try #require(try text("results.jsonl").split(separator: "\n").first)
        #expect(
            first == #"{"id":"both","categories":["left, \"right\"","up"],"#
                + #""score":{"left, \"right\"":0.5,"up":0.5},"outcome":{"left, \"right\"":"match","up":"match"}}"#
        )
    }

    @Test func nothingIsLeftWhenAWriterIsDroppedBeforeTheEnd() throws {
        var writer: CSVResultWriter? = try CSVResultWriter(path: folder.path + "/results.csv", classifier: classifier)
        #expect(writer != nil && folder.names().count == 1)
        writer = nil
        #expect(folder.names() == [])
    }

    @Test func aFolderThatDoesNotExistIsNamed() {
        let error = #expect(throws: CLIPError.self) {
            try CSVResultWriter(path: "/nowhere/r.csv", classifier: classifier)
        }
        #expect(error?.code == .storage)
        #expect(error?.message.contains("/nowhere/r.csv") == true)
    }

    @Test func otherThresholdsCanDecideTheSameScores() throws {
        var other = file
        other.categories[0].threshold = 0.8
        other.neutralMargin = 0.1
        let decided = try schema(ResultPart.evidence).decided(by: other, name: "scores.parquet")
        #expect(decided.categories.map(\.threshold) == [0.8, 0.5])
        #expect(decided.neutralMargin == 0.1)
        #expect(decided.hasDecisions)
    }

    @Test func scoresOfOtherCategoriesAreNotDecided() throws {
        let scored = schema([.score])
        let (left, up) = (file.categories[0], file.categories[1])
        for categories in [[up, left], [left], [left, up, .init(name: "down", positive: ["x"], threshold: 0)]] {
            var other = file
            other.categories = categories
            let error = #expect(throws: CLIPError.self) { try scored.decided(by: other, name: "scores.parquet") }
            #expect(error?.code == .invalidCategoryFile)
            #expect(error?.message.contains("has scores of the categories left, \"right\", up, but") == true)
        }
    }

    @Test func aSchemaWithTwoCategoriesOfOneNameIsDamaged() throws {
        let data = try JSONEncoder().encode(schema(ResultPart.evidence))
        #expect(try JSONDecoder().decode(ResultSchema.self, from: data) == schema(ResultPart.evidence))
        let twice = String(decoding: data, as: UTF8.self).replacing(#""up""#, with: #""left, \"right\"""#)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(ResultSchema.self, from: Data(twice.utf8)) }
    }

    @Test func scoresOfOtherDescriptionsAreNotDecided() throws {
        var other = file
        other.categories[1].positive = ["another"]
        let error = #expect(throws: CLIPError.self) { try schema([.score]).decided(by: other, name: "scores.parquet") }
        #expect(error?.code == .invalidCategoryFile)
        #expect(
            error?.message.hasPrefix("scores.parquet: the category 'up' was scored with different positive")
                == true
        )
    }

    @Test func descriptionsThatARuleIgnoresMayChange() async throws {
        let file = CategoryFile(
            categories: [.init(name: "a", positive: ["x"], negative: ["z"], threshold: 0, rule: .nearestExemplar)]
        )
        let images = Exemplars.Category(
            positive: NamedVectors.axes.images([1, 0, 0]),
            negative: NamedVectors.axes.images([0, 1, 0])
        )
        let bank = try await NamedVectors.axes.bank(file, exemplars: Exemplars(["a": images]))
        let scored = try Classifier(file, bank: bank).resultSchema(parts: [.score])
        var other = file
        other.categories[0].positive = ["another"]
        other.neutral = ["y"]
        #expect(throws: Never.self) { try scored.decided(by: other, name: "scores.parquet") }
        other.categories[0].rule = .exemplarMean
        #expect(throws: CLIPError.self) { try scored.decided(by: other, name: "scores.parquet") }
    }
}
