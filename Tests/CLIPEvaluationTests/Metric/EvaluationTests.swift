import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

@Suite struct EvaluationTests {
    private static let scores: [Float] = [0.9, 0.8, 0.7, 0.3, 0.2, 0.1]

    private func evaluation(
        _ truth: [[Bool?]],
        bootstrap: BootstrapOptions = BootstrapOptions(resamples: 0)
    ) -> Evaluation {
        let (images, decisions) = labelled(
            scores: truth.map { _ in Self.scores },
            truth: truth,
            threshold: 0.5
        )
        return Evaluation(images, decisions: decisions, bootstrap: bootstrap)
    }

    @Test func countsAndFiguresByHand() throws {
        let category = evaluation([[true, false, true, true, nil, false]]).categories[0]
        #expect(category.counts.truePositives == 2)
        #expect(category.counts.falsePositives == 1)
        #expect(category.counts.falseNegatives == 1)
        #expect(category.counts.trueNegatives == 1)
        #expect(category.unknownCount == 1)
        let figures = try #require(category.metrics)
        #expect(figures.precision.value == 2.0 / 3)
        #expect(figures.recall.value == 2.0 / 3)
        #expect(figures.f1.value == 2.0 / 3)
        // 1/3 · 1/1 + 1/3 · 2/3 + 1/3 · 3/4
        #expect(abs((category.averagePrecision?.value ?? 0) - (1 + 2.0 / 3 + 3.0 / 4) / 3) < 1e-12)
    }

    @Test func aCategoryWithOneClassHasNoFiguresAndIsLeftOutOfTheMeans() throws {
        let good: [Bool?] = [true, true, true, false, false, false]
        let evaluation = evaluation([
            good, [false, false, nil, nil, nil, nil], [true, nil, nil, nil, nil, nil],
            [nil, nil, nil, nil, nil, nil],
        ])
        #expect(evaluation.categories.map(\.metrics).count { $0 == nil } == 3)
        #expect(evaluation.categories[0].undefinedReason == nil)
        #expect(evaluation.categories[1].undefinedReason == "there is no positive label")
        #expect(evaluation.categories[2].undefinedReason == "there is no negative label")
        #expect(evaluation.categories[3].undefinedReason == "there is no label")
        #expect(evaluation.categories[1...].allSatisfy { $0.averagePrecision == nil })
        #expect(evaluation.macro?.f1.value == 1)
        #expect(evaluation.meanAveragePrecision?.value == 1)
        // The two false positives of the second category count here.
        #expect(evaluation.micro?.precision.value == 4.0 / 6)
    }

    @Test func precisionIsZeroWhenNothingMatches() throws {
        let (images, decisions) = labelled(scores: [[0.1, 0.2]], truth: [[true, false]], threshold: 0.5)
        let figures = try #require(Evaluation(images, decisions: decisions).categories[0].metrics)
        #expect(figures.precision.value == 0)
        #expect(figures.f1.value == 0)
    }

    @Test func theSameSeedGivesTheSameIntervals() {
        let truth: [[Bool?]] = [[true, false, true, true, nil, false], [true, true, false, true, false, false]]
        let first = evaluation(truth, bootstrap: BootstrapOptions(resamples: 200, seed: 7))
        #expect(first.categories == evaluation(truth, bootstrap: BootstrapOptions(resamples: 200, seed: 7)).categories)
        #expect(first.categories != evaluation(truth, bootstrap: BootstrapOptions(resamples: 200, seed: 8)).categories)
    }

    /// The standard error of a share p of n images is √(p(1 − p)/n).
    ///
    /// With recall 0.8 of 100 positive images the 95 % interval reaches about 1.96 · 0.04 = 0.078 to either side.
    @Test func theIntervalOfAShareIsThatOfTheBinomialDistribution() throws {
        let truth = (0..<200).map { Optional($0 < 100) }
        let (images, decisions) = labelled(scores: [(0..<200).map { $0 < 80 ? 1 : 0 }], truth: [truth], threshold: 0.5)
        let evaluation = Evaluation(images, decisions: decisions)
        let recall = try #require(evaluation.categories[0].metrics?.recall)
        let interval = try #require(recall.interval)
        #expect(recall.value == 0.8)
        #expect(abs(interval.lowerBound - 0.722) < 0.01)
        #expect(abs(interval.upperBound - 0.878) < 0.01)
    }

    /// Ten images without an error may hide an error rate of a quarter: 0.05^(1/10) is 0.741.
    @Test func tenImagesWithoutAnErrorProveLittle() throws {
        let truth = (0..<20).map { Optional($0 < 10) }
        let (images, decisions) = labelled(scores: [(0..<20).map { $0 < 10 ? 1 : 0 }], truth: [truth], threshold: 0.5)
        let figures = try #require(Evaluation(images, decisions: decisions).categories[0].metrics)
        for estimate in [figures.precision, figures.recall] {
            #expect(estimate.value == 1)
            #expect(abs(try #require(estimate.interval).lowerBound - 0.7411) < 1e-4)
            #expect(estimate.interval?.upperBound == 1)
        }
        // F1 is 2J / (1 + J) of J = TP / (TP + FP + FN).
        #expect(abs(try #require(figures.f1.interval).lowerBound - 2 * 0.7411 / 1.7411) < 1e-4)
    }

    @Test(arguments: [
        // From SciPy, the roots of P(X > x) + P(X = x)/2 = 0.025 and 0.975.
        (3, 10, 0.0826, 0.61992), (50, 100, 0.4027, 0.5973), (1, 30, 0.00167, 0.15361), (0, 10, 0, 0.25887),
    ])
    func intervalsOfSharesAreThoseOfTheExactTest(successes: Int, count: Int, low: Double, high: Double) throws {
        let (images, decisions) = labelled(
            scores: [(0..<count + 1).map { $0 < successes ? 1 : 0 }],
            truth: [(0..<count + 1).map { $0 < count }],
            threshold: 0.5
        )
        let figures = try #require(Evaluation(images, decisions: decisions).categories[0].metrics)
        let interval = try #require(figures.recall.interval)
        #expect(abs(interval.lowerBound - low) < 1e-4 && abs(interval.upperBound - high) < 1e-4, "\(interval)")
    }

    @Test func withoutAMatchPrecisionIsUnknown() throws {
        let (images, decisions) = labelled(scores: [[0.1, 0.2]], truth: [[true, false]], threshold: 0.5)
        let figures = try #require(Evaluation(images, decisions: decisions).categories[0].metrics)
        #expect(figures.precision.interval == 0...1)
    }

    /// Every second image below the threshold was drawn, and all above it.
    @Test func imagesCountAsOftenAsTheyStandForOthers() throws {
        let (images, decisions) = labelled(
            scores: [[0.9, 0.8, 0.2, 0.1]],
            truth: [[true, false, true, false]],
            probabilities: [[1, 1, 0.5, 0.5]],
            threshold: 0.5
        )
        let category = Evaluation(images, decisions: decisions).categories[0]
        #expect(category.counts.falseNegatives == 1 && category.weighted.falseNegatives == 2)
        #expect(category.metrics?.precision.value == 0.5)
        #expect(category.metrics?.recall.value == 1.0 / 3)
        #expect(category.prevalence?.value == 0.5)
    }

    /// Of all images above the threshold, and of 200 of 2000 below it, of which 20 are positive: recall has the variance
    /// of the sum of these 20, less the tenth that was drawn.
    ///
    /// The sum of positive images below is 200 ± 10 · √(200 · 0.1 · 0.9 · 0.9) = 40, so recall is 0.5 with a standard
    /// error of 200 / 400² · 40 = 0.05.
    @Test func resamplesKeepTheDesign() throws {
        let count = 400
        let (images, decisions) = labelled(
            scores: [(0..<count).map { $0 < 200 ? 1 : 0 }],
            truth: [(0..<count).map { $0 < 220 }],
            probabilities: [(0..<count).map { $0 < 200 ? 1 : 0.1 }],
            threshold: 0.5
        )
        let evaluation = Evaluation(images, decisions: decisions, bootstrap: BootstrapOptions(resamples: 2000, seed: 1))
        let figures = try #require(evaluation.categories[0].metrics)
        let interval = try #require(figures.recall.interval)
        #expect(figures.recall.value == 0.5)
        #expect(abs(interval.upperBound - interval.lowerBound - 2 * 1.96 * 0.05) < 0.02)
        // All matching images were labelled: their precision is known.
        #expect(figures.precision.interval == 1...1)
    }

    @Test func anImageOfTwoExclusiveCategoriesIsRefused() {
        let (images, decisions) = labelled(scores: [[1], [1]], truth: [[true], [true]], threshold: 0.5)
        let error = #expect(throws: CLIPError.self) {
            try ConfusionMatrix(images, decisions: decisions, allOf: exclusiveFile(images, threshold: 0.5))
        }
        #expect(error?.code == .invalidLabels)
        #expect(error?.message.hasPrefix("Image '0.jpg' belongs to 'c0' and to 'c1'") == true)
    }

    @Test func anImageIsInTheMatrixWhenItsCategoryIsKnown() throws {
        let (images, decisions) = labelled(
            scores: [[0.9, 0.6, 0.1, 0.1], [0.8, 0.7, 0.1, 0.9]],
            truth: [[true, nil, false, nil], [nil, true, false, false]],
            threshold: 0.5
        )
        let matrix = try ConfusionMatrix(images, decisions: decisions, allOf: exclusiveFile(images, threshold: 0.5))
        #expect(matrix.count(of: 0, givenAs: 0) == 1)
        #expect(matrix.count(of: 1, givenAs: 1) == 1)
        #expect(matrix.count(of: nil, givenAs: nil) == 1)
        #expect(matrix.unknownCount == 1)
        #expect(matrix.accuracy == 1)
    }

    /// The bird's scores lie above the dog's whatever the image shows: it has no negatives.
    @Test func exclusiveCategoriesAreComparedAboveTheirThresholds() throws {
        let file = CategoryFile(categories: [
            .init(name: "c0", positive: ["a dog"], negative: ["a bird"], threshold: 0.1),
            .init(name: "c1", positive: ["a bird"], threshold: 0.5),
        ])
        let (images, decisions) = labelled(
            scores: [[0.3, 0.11], [0.55, 0.65]],
            truth: [[true, false], [false, true]],
            threshold: 0.1
        )
        let matrix = try ConfusionMatrix(images, decisions: decisions, allOf: file)
        #expect(matrix.count(of: 0, givenAs: 0) == 1)
        #expect(matrix.count(of: 1, givenAs: 1) == 1)
    }

    @Test func cosinesAreNotComparedWithProbabilities() {
        let file = CategoryFile(categories: [
            .init(name: "c0", positive: ["a dog"], threshold: 0.1),
            .init(name: "c1", positive: ["a bird"], threshold: 0.5, rule: .sigmoid()),
        ])
        let (images, decisions) = labelled(scores: [[1], [1]], truth: [[true], [false]], threshold: 0.5)
        let error = #expect(throws: CLIPError.self) { try ConfusionMatrix(images, decisions: decisions, allOf: file) }
        #expect(error?.message.contains("'c0' (contrast) are cosines and those of 'c1' (sigmoid)") == true)
    }

    @Test func aGroupOfSoftmaxHasAMatrixOfItsOwn() throws {
        let folder = try TemporaryFolder()
        let pets = RuleChoice.softmax(group: "pets")
        let file = CategoryFile(categories: [
            .init(name: "c0", positive: ["a cat"], threshold: 0.5, rule: pets),
            .init(name: "c1", positive: ["a car"], threshold: 0.5),
            .init(name: "c2", positive: ["a dog"], threshold: 0.5, rule: pets),
            .init(name: "c3", positive: ["red"], threshold: 0.5, rule: .softmax(group: "colors")),
        ])
        let groups = file.exclusiveGroups
        #expect(groups.map(\.categories) == [[0, 2]])
        // The second image shows a cat in a car.
        let (images, decisions) = labelled(
            scores: [[0.9, 0.6, 0.1], [0.1, 0.9, 0.9], [0.1, 0.8, 0.1], [0, 0, 0]],
            truth: [[true, true, false], [false, true, true], [false, false, false], [nil, nil, nil]],
            threshold: 0.5
        )
        let matrix = try ConfusionMatrix(images, decisions: decisions, group: groups[0])
        #expect(matrix.categories == ["c0", "c2"])
        #expect(matrix.count(of: 0, givenAs: 0) == 1)
        #expect(matrix.count(of: 0, givenAs: 1) == 1)
        #expect(matrix.count(of: nil, givenAs: nil) == 1)
        try ConfusionMatrix.csvFile([matrix], "\(folder.path)/confusion.csv").close()
        let lines = String(decoding: try FileBytes.read("\(folder.path)/confusion.csv"), as: UTF8.self)
            .split(separator: "\r\n")
        #expect(lines == ["group,truth,c0,c2,(none)", "pets,c0,1,1,0", "pets,c2,0,0,0", "pets,(none),0,0,1"])
    }

    @Test func filesHoldWhatIsMeasured() throws {
        let folder = try TemporaryFolder()
        func lines(_ name: String) throws -> [Substring] {
            String(decoding: try FileBytes.read("\(folder.path)/\(name)"), as: UTF8.self).split(separator: "\r\n")
        }
        let (images, decisions) = labelled(
            scores: [[0.9, 0.1], [0.9, 0.1]],
            truth: [[true, false], [false, nil]],
            threshold: 0.5
        )
        try Evaluation(images, decisions: decisions, bootstrap: BootstrapOptions(resamples: 0))
            .csvFile("\(folder.path)/metrics.csv").close()
        let metrics = try lines("metrics.csv")
        #expect(metrics.count == 5)
        #expect(metrics[1] == "c0,1,1,0,1,0,0,1,1.0,0.0,0.0,1.0,1.0,,,1.0,,,1.0,,,0.5,,,1.0,,,")
        #expect(metrics[2] == "c1,0,1,1,0,1,0,0,0.0,1.0,0.0,0.0,,,,,,,,,,0.0,,,,,,there is no positive label")
        #expect(metrics[4] == "(macro),,,,,,,,,,,,1.0,,,1.0,,,1.0,,,,,,1.0,,,")
        try PrecisionRecallCurve.csvFile(images, decisions: decisions, "\(folder.path)/curves.csv").close()
        #expect(
            try lines("curves.csv")
                == ["category,threshold,precision,recall", "c0,0.1,0.5,1.0", "c0,0.9,1.0,1.0", "c0,,1.0,0.0"]
        )
        let matrix = try ConfusionMatrix(images, decisions: decisions, allOf: exclusiveFile(images, threshold: 0.5))
        try ConfusionMatrix.csvFile([matrix], "\(folder.path)/confusion.csv").close()
        #expect(try lines("confusion.csv") == ["group,truth,c0,c1,(none)", ",c0,1,0,0", ",c1,0,0,0", ",(none),0,0,0"])
    }
}
