import CLIPArrow
import CLIPCore
import CLIPReport
import CLIPTesting
import Testing

/// Results are written, read, and decided again: as before, whatever the rule, the category file and the format.
@Suite struct ResultRoundTripTests {
    enum Format: String, CaseIterable {
        case parquet, csv, jsonl
    }

    enum Contents: CaseIterable {
        case decisions, scores, matchesAlone

        var parts: [ResultPart] {
            switch self {
            case .decisions: ResultPart.decision
            case .scores: ResultPart.evidence
            case .matchesAlone: []
            }
        }
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: ScoredImages.Rules.all)
    func resultsAreDecidedAgainAsBefore(_ rules: ScoredImages.Rules) async throws {
        var outcomes = Set<Outcome>()
        for parts in ScoredImages.Parts.all {
            let images = try await ScoredImages(rules, parts)
            outcomes.formUnion(images.decisions.outcomes)
            for format in Format.allCases {
                for contents in Contents.allCases {
                    let path = "\(folder.path)/results.\(format)"
                    try write(images, contents, format, path)
                    try check(images, contents, format, path, "\(parts) \(format) \(contents)")
                }
            }
        }
        #expect(outcomes.isSuperset(of: [.match, .belowThreshold]))
    }

    private func write(_ images: ScoredImages, _ contents: Contents, _ format: Format, _ path: String) throws {
        let schema = images.classifier.resultSchema(parts: contents.parts)
        let writer: any ResultWriter =
            switch format {
            case .parquet:
                try ParquetResultWriter(path: path, schema: schema, provenance: Provenance(.stub(dimension: 4)))
            case .csv: try CSVResultWriter(path: path, schema: schema)
            case .jsonl: try JSONLinesResultWriter(path: path, schema: schema)
            }
        try writer.append(
            ResultBlock(
                ids: images.ids,
                evidence: images.decisions.evidence,
                outcomes: schema.hasDecisions ? images.decisions.outcomes : nil,
                bestPrompts: contents == .scores ? PromptSimilarities(images.similarities)?.bestPrompts() : nil
            )
        )
        try writer.finish()
    }

    private func check(
        _ images: ScoredImages,
        _ contents: Contents,
        _ format: Format,
        _ path: String,
        _ comment: Comment
    ) throws {
        guard format != .parquet else { return try checkParquet(images, contents, path, comment) }
        let names = images.file.categories.map(\.name)
        let read =
            try format == .csv
            ? ReadResults(csv: path, categories: names) : ReadResults(jsonLines: path, categories: names)
        #expect(read.ids == images.ids, comment)
        let matches = images.ids.indices.map { images.decisions.matches(image: $0).map { names[$0] } }
        #expect(read.matches == (contents == .scores ? nil : matches), comment)
        guard contents != .matchesAlone else { return }
        let decisions = try DecisionLimits(images.file).decide(read.evidence)
        #expect(decisions.outcomes == images.decisions.outcomes, comment)
        #expect(Self.bits(read.evidence) == Self.bits(images.decisions.evidence), comment)
    }

    private func checkParquet(
        _ images: ScoredImages,
        _ contents: Contents,
        _ path: String,
        _ comment: Comment
    ) throws {
        let results = try ParquetResults(path: path)
        guard contents != .matchesAlone else {
            let error = #expect(throws: CLIPError.self) { try results.forEachBlock(rows: 10) { _, _ in } }
            #expect(error?.code == .notFound, comment)
            return
        }
        let limits = DecisionLimits(try results.schema.decided(by: images.file, name: path))
        var ids = [String]()
        var again = (evidence: [Evidence](), outcomes: [Outcome]())
        var byOwnLimits = [Outcome]()
        try results.forEachBlock(rows: 10) { block, evidence in
            ids += block
            again.evidence += evidence
            again.outcomes += try limits.decide(evidence).outcomes
        }
        try results.forEachDecision(rows: 7) { byOwnLimits += $0.outcomes }
        #expect(ids == images.ids, comment)
        #expect(again.outcomes == images.decisions.outcomes, comment)
        #expect(byOwnLimits == images.decisions.outcomes, comment)
        #expect(Self.bits(again.evidence) == Self.bits(images.decisions.evidence), comment)
    }

    /// All that evidence is, with −0 apart from 0.
    private static func bits(_ evidence: [Evidence]) -> [[UInt32?]] {
        evidence.map { item in
            [item.score, item.positive, item.negative, item.neutral].map { $0?.bitPattern }
        }
    }
}
