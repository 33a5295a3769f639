import CLIPCore
import CLIPEvaluation
import Testing

@Suite struct ThresholdCalibrationTests {
    @Test(arguments: [CalibrationTarget.f1, .precision(1), .recall(1)])
    func aThresholdLiesInTheMiddleOfTheGap(_ target: CalibrationTarget) async throws {
        let scores = LabelledScores(
            positives: (0..<10).map { 0.5 + Float($0) / 64 },
            negatives: (0..<20).map { 0.25 - Float($0) / 64 }
        )
        let result = try await scores.calibrate(target)
        #expect(result.categories[0].threshold == 0.375)
        #expect(result.categories[0].f1?.value == 1)
        #expect(result.categories[0].thresholdInterval == nil)
        #expect(result.neutralMargin == nil)
    }

    @Test func aThresholdBetweenNeighbouringNumbersIsTheUpperOne() async throws {
        let low: Float = 0.1
        let scores = LabelledScores(
            positives: [Float](repeating: low.nextUp, count: 10),
            negatives: [Float](repeating: low, count: 10)
        )
        #expect(try await scores.calibrate(.f1).categories[0].threshold == low.nextUp)
    }

    @Test func whereEverythingMatchesTheThresholdIsBelowTheLowestScore() async throws {
        let scores = LabelledScores(
            positives: (0..<10).map { Float($0) / 8 },
            negatives: [Float](repeating: 0.0625, count: 10)
        )
        // The lowest score is 0, the next one 0.0625.
        #expect(try await scores.calibrate(.recall(1)).categories[0].threshold == -0.03125)
    }

    /// Against every threshold that tells these images apart.
    @Test(arguments: [CalibrationTarget.f1, .precision(0.8), .recall(0.9)], 0..<5)
    func noThresholdIsBetter(_ target: CalibrationTarget, _ seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let scores = ScoreProcess(categories: 1, generator: &generator).images(120, generator: &generator)
        let threshold = try await scores.calibrate(target).categories[0].threshold
        let found = scores.figures(threshold: threshold)
        for other in scores.evidence.map(\.score) {
            let figures = scores.figures(threshold: other)
            switch target {
            case .precision(let goal): #expect(figures.precision < goal || figures.recall <= found.recall)
            // The lowest score that matches lies a little above the threshold, and is no other decision.
            case .recall(let goal): #expect(figures.recall < goal || figures.recall >= found.recall)
            default: #expect(figures.f1 <= found.f1)
            }
        }
        switch target {
        case .precision(let goal): #expect(found.precision >= goal)
        case .recall(let goal): #expect(found.recall >= goal)
        default: break
        }
    }

    @Test func theMarginStaysWhenNoOtherIsBetter() async throws {
        var scores = LabelledScores(
            positives: (0..<12).map { 0.5 + Float($0) / 64 },
            negatives: (0..<12).map { 0.25 - Float($0) / 64 }
        )
        for index in scores.evidence.indices { scores.evidence[index].neutral = 0 }
        #expect(try await scores.calibrate(.f1, margin: -0.125).neutralMargin == -0.125)
    }

    @Test func aMarginIsFoundThatTellsBackgroundApart() async throws {
        // Positive and background images have the same score; their gaps are 0.5 and more, and 0.25 and less.
        let evidence = (0..<48).map { index in
            let gap = index < 24 ? 0.5 + Float(index) / 64 : 0.25 - Float(index - 24) / 64
            return Evidence(score: 1, positive: gap, neutral: 0)
        }
        let scores = LabelledScores(categoryCount: 1, evidence: evidence, truth: (0..<48).map { $0 < 24 })
        let result = try await scores.calibrate(.f1)
        #expect(result.neutralMargin == 0.375)
        #expect(result.categories[0].f1?.value == 1)
    }

    @Test func categoriesWithTooFewLabelsAreSkippedUnlessAllAre() async throws {
        var truth = [Bool?](repeating: nil, count: 60)
        for image in 0..<20 {
            truth[image * 3] = image < 10
            truth[image * 3 + 1] = image < 2
            truth[image * 3 + 2] = image < 1 ? true : nil
        }
        let evidence = (0..<60).map { Evidence(score: Float($0), positive: 0) }
        let scores = LabelledScores(categoryCount: 3, evidence: evidence, truth: truth)
        let result = try await scores.calibrate(.f1)
        #expect(result.categories.map(\.name) == ["c0"])
        let alone = LabelledScores(
            categoryCount: 1,
            evidence: (0..<20).map { evidence[$0 * 3] },
            truth: (0..<20).map { truth[$0 * 3] }
        )
        #expect(result.categories[0].threshold == (try await alone.calibrate(.f1)).categories[0].threshold)
        #expect(
            result.skipped.map { "\($0.name): \($0.reason)" } == [
                "c1: 2 positive labels (at least 10 are needed)",
                "c2: 1 positive label and 0 negative labels (at least 10 are needed)",
            ]
        )

        for image in 0..<20 { truth[image * 3] = nil }
        let none = LabelledScores(categoryCount: 3, evidence: evidence, truth: truth)
        let error = await #expect(throws: CLIPError.self) { try await none.calibrate(.f1) }
        #expect(error?.code == .calibration)
        #expect(error?.message.hasPrefix("Too few labels: at least 10 images that belong to a category") == true)
        let shortages = (error?.cause as? ErrorList)?.entries
        #expect(
            shortages == [
                "'c1' has 2 positive labels", "'c2' has 1 positive label and 0 negative labels", "no labels: 'c0'",
            ]
        )
    }

    @Test func aTargetThatCannotBeReachedIsAnErrorWithTheBestThereIs() async {
        let scores = LabelledScores(
            positives: (0..<10).map { Float($0) },
            // The highest score is negative: 10 of 11 is the best precision.
            negatives: (0..<10).map { $0 == 0 ? 100 : -Float($0) }
        )
        let error = await #expect(throws: CLIPError.self) { try await scores.calibrate(.precision(0.95)) }
        #expect(
            error?.message.hasPrefix("Category 'c0' cannot reach precision=0.95: the best possible value is 0.909.")
                == true
        )
    }

    @Test func aScoreThatIsNotANumberIsNamed() async {
        let (ones, zeros) = ([Float](repeating: 1, count: 10), [Float](repeating: 0, count: 10))
        var scores = LabelledScores(positives: ones, negatives: zeros)
        scores.evidence[7].score = .nan
        let error = await #expect(throws: CLIPError.self) { try await scores.calibrate(.f1) }
        #expect(error?.code == .invalidEmbeddings)
        #expect(error?.message == "The score of 'i7' for category 'c0', or one of its components, is not finite.")
    }

    /// A sigmoid in 32 bits is 1 for many images.
    @Test func imagesThatNoThresholdSeparatesAreReported() async throws {
        let saturated = LabelledScores(
            positives: (0..<20).map { $0 < 10 ? 1 : 0.5 },
            negatives: (0..<60).map { $0 < 30 ? 1 : Float($0) / 256 }
        )
        let tie = try #require(try await saturated.calibrate(.f1).categories[0].tie)
        #expect(tie.score == 0.5 || tie.score == 1)
        let top = LabelledScores(
            positives: [Float](repeating: 1, count: 20),
            negatives: (0..<60).map { $0 < 30 ? 1 : 0 }
        )
        let found = try #require(try await top.calibrate(.f1).categories[0].tie)
        #expect(found.score == 1 && found.positives == 20 && found.negatives == 30)
        let clear = LabelledScores(positives: (0..<20).map { 1 + Float($0) }, negatives: (0..<20).map { -Float($0) })
        #expect(try await clear.calibrate(.f1).categories[0].tie == nil)
    }

    @Test func perfectlySeparatedImagesProveLittleIfTheyAreFew() async throws {
        let few = LabelledScores(positives: (0..<10).map { 1 + Float($0) }, negatives: (0..<10).map { -Float($0) })
        let precision = try #require(try await few.calibrate(.f1, resamples: 50).categories[0].precision)
        #expect(precision.value == 1)
        #expect(abs(try #require(precision.interval).lowerBound - 0.741) < 0.001)
    }

    /// Images below 0.5 stand for ten each: a third of the positive images are there, not a thirtieth.
    @Test func weightsMoveTheThreshold() async throws {
        var scores = LabelledScores(
            positives: (0..<100).map { $0 < 90 ? 0.75 + Float($0) / 1024 : 0.25 + Float($0) / 1024 },
            negatives: (0..<100).map { $0 < 20 ? 0.5 + Float($0) / 1024 : Float($0) / 1024 }
        )
        let plain = try await scores.calibrate(.recall(0.85)).categories[0]
        #expect(plain.threshold > 0.5)
        scores.probabilities = scores.evidence.map { $0.score < 0.5 ? 0.1 : 1 }
        let weighted = try await scores.calibrate(.recall(0.85)).categories[0]
        #expect(weighted.threshold < 0.5)
    }

    @Test func theSameSeedGivesTheSameResult() async throws {
        var generator = SeededGenerator(seed: 1)
        let scores = ScoreProcess(categories: 2, hasBackground: true, generator: &generator)
            .images(80, generator: &generator)
        let first = try await scores.calibrate(.f1, resamples: 5)
        let second = try await scores.calibrate(.f1, resamples: 5)
        #expect(first.neutralMarginInterval == second.neutralMarginInterval)
        for (one, other) in zip(first.categories, second.categories) {
            #expect(one.thresholdInterval == other.thresholdInterval)
            #expect(one.f1?.interval == other.f1?.interval)
        }
    }
}
