import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

/// From labels to a category file, as a program does it.
@Suite struct CalibratedFileTests {
    private static let model = ModelDescription.stub(dimension: 2)
    private static let embedder = TextFunction(model: model) { texts in
        EmbeddingMatrix(rows: texts.map { $0 == "across" ? [1, 0] : [0, 1] })
    }
    private static let text = """
        # Mine.
        categories:
          flat: {positive: [across], threshold: 0.9} # too strict
          steep: {positive: [up], threshold: 0.25}
        """

    /// Directions of 0° to 90°; the first ten are flat, and nothing is known of steep ones.
    private static func images() throws -> LabelledEmbeddings {
        let rows: [[Float]] = (0..<20).map { [Float(19 - $0), Float($0)] }
        return LabelledEmbeddings(
            ids: rows.indices.map { "i\($0)" },
            embeddings: try EmbeddingMatrix(rows: rows).normalized(),
            categories: ["flat", "steep"],
            truth: rows.indices.flatMap { [$0 < 10, nil] }
        )
    }

    private static func calibrate(_ file: CategoryFile) async throws -> CalibrationResult {
        try await ThresholdCalibration(target: .f1, bootstrap: BootstrapOptions(resamples: 0))
            .calibrate(file, images(), embedder: embedder)
    }

    @Test func fittedNumbersComeIntoTheTextAndTheRestStays() async throws {
        let result = try await Self.calibrate(CategoryFile(text: Self.text, name: "f.yaml"))
        #expect(result.skipped.map(\.name) == ["steep"])
        let new = try result.applied(to: Self.text, name: "f.yaml", calibratedOn: "abc")
        let file = try CategoryFile(text: new, name: "f.yaml")
        #expect(file.categories.map(\.threshold) == [result.categories[0].threshold, 0.25])
        #expect(file.model == Self.model.identity && file.calibratedOn == "abc")
        #expect(new.contains("# Mine.\n") && new.contains("} # too strict\n"))
        let bank = try await PromptBank(file, embedder: Self.embedder)
        let decisions = try Classifier(file, bank: bank).classify(Self.images().embeddings)
        #expect(decisions.map { $0["flat"].isMatch } == (0..<20).map { $0 < 10 })
    }

    @Test func thresholdsOfAnotherModelAreNotKept() async throws {
        let result = try await Self.calibrate(CategoryFile(text: Self.text, name: "f.yaml"))
        let other = "model_sha256: other\n" + Self.text
        let error = #expect(throws: CLIPError.self) {
            try result.applied(to: other, name: "f.yaml")
        }
        #expect(error?.code == .modelMismatch)
        #expect(error?.message.hasPrefix("f.yaml: the threshold of category 'steep' belongs to another model") == true)
    }

    @Test func imagesOfAStoreOfAnotherModelAreRefused() async throws {
        let file = try CategoryFile(text: Self.text, name: "f.yaml")
        func images(size: Int) throws -> LabelledEmbeddings {
            let images = try Self.images()
            return try LabelledEmbeddings(
                ImageLabels(images.ids.enumerated().map { .init(id: $1, category: "flat", isMember: $0 < 10) }),
                categories: images.categories,
                store: MemoryStore(
                    provenance: Provenance(.stub(size: size, dimension: 2)),
                    block: EmbeddingBlock(ids: images.ids, embeddings: images.embeddings)
                )
            )
        }
        let calibration = ThresholdCalibration(target: .f1, bootstrap: BootstrapOptions(resamples: 0))
        let ablation = Ablation(partitions: 1, bootstrap: BootstrapOptions(resamples: 2))
        let own = try images(size: 8)
        #expect(try await calibration.calibrate(file, own, embedder: Self.embedder).categories.map(\.name) == ["flat"])
        #expect(try await ablation.run(file, images: own, embedder: Self.embedder).count == 2)

        let other = try images(size: 9).subset(0..<20)
        for attempt in [
            { _ = try await calibration.calibrate(file, other, embedder: Self.embedder) },
            { _ = try await ablation.run(file, images: other, embedder: Self.embedder) },
        ] as [() async throws -> Void] {
            let error = await #expect(throws: CLIPError.self) { try await attempt() }
            #expect(error?.code == .modelMismatch)
            #expect(error?.message.contains("stub-9-2") == true && error?.message.contains("stub-8-2") == true)
        }
    }

    @Test func aRuleOfOnesOwnIsCalibratedThroughTheFile() async throws {
        struct Percent: ScoringRule {
            let identifier = "percent"
            func score(_ similarities: Similarities) -> [Evidence] {
                similarities.evidence { row, category in
                    Evidence(score: 100 * row[category.positive], positive: row[category.positive])
                }
            }
        }
        var file = try CategoryFile(text: Self.text, name: "f.yaml")
        let plain = try await Self.calibrate(file)
        file.rule = .custom(Percent())
        let own = try await Self.calibrate(file)
        #expect(abs(own.categories[0].threshold - 100 * plain.categories[0].threshold) < 1e-4)
    }
}
