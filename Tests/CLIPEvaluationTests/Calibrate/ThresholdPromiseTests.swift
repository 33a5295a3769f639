import CLIPCore
import CLIPEvaluation
import Testing

/// A promise is made where an exact test proves it, and advice is given elsewhere.
@Suite struct ThresholdPromiseTests {
    private func scores(positives: Int, negatives: Int) -> LabelledScores {
        LabelledScores(
            positives: (0..<positives).map { 0.5 + Float($0) / 1024 },
            negatives: (0..<negatives).map { 0.25 - Float($0) / 1024 }
        )
    }

    /// 0.95^72 is 0.025, half of the allowed error probability.
    @Test func aPrecisionNeedsEnoughMatchesWithoutAnError() async throws {
        let enough = try await scores(positives: 80, negatives: 20).calibrate(.precision(0.95), confidence: 0.95)
        #expect(enough.categories[0].threshold > 0.25)
        #expect(enough.neutralMargin == nil && enough.categories[0].thresholdInterval == nil)
        let few = await #expect(throws: CLIPError.self) {
            try await scores(positives: 40, negatives: 60).calibrate(.precision(0.95), confidence: 0.95)
        }
        #expect(few?.code == .calibration)
        #expect(few?.message == "precision=0.95 cannot be promised with 95 % confidence.")
        #expect((few?.cause as? ErrorList)?.entries == ["'c0': Label about 32 more images that score 0.3750 or more."])
    }

    /// 0.9^29 is 0.047.
    @Test(arguments: [(29, true), (28, false)])
    func aRecallNeedsEnoughPositiveImages(positives: Int, isPromised: Bool) async throws {
        let scores = scores(positives: positives, negatives: 50)
        if isPromised {
            let threshold = try await scores.calibrate(.recall(0.9), confidence: 0.95).categories[0].threshold
            // All positive images match.
            #expect(threshold > 0.25 && threshold < 0.5)
        } else {
            let error = await #expect(throws: CLIPError.self) {
                try await scores.calibrate(.recall(0.9), confidence: 0.95)
            }
            let advice = (error?.cause as? ErrorList)?.entries.first
            #expect(
                advice == "'c0': Label 1 more image that belongs to it; those labelled so far score 0.5000 to 0.5264."
            )
        }
    }

    /// Fifty images stand for themselves, thirty for a hundred others each: they tell about as much as thirty-one.
    @Test func weightedImagesProveLess() async throws {
        var scores = scores(positives: 80, negatives: 20)
        scores.probabilities = (0..<100).map { $0 < 50 ? 1 : 0.01 }
        let error = await #expect(throws: CLIPError.self) {
            try await scores.calibrate(.precision(0.95), confidence: 0.95)
        }
        #expect(error?.code == .calibration)
    }

    @Test(arguments: [(0.95, "95 %"), (0.975, "97.5 %"), (0.9999, "99.99 %"), (0.99999, "99.999 %"), (0.55, "55 %")])
    func aConfidenceIsNotRoundedUp(confidence: Double, text: String) {
        #expect(ThresholdCalibration.percent(confidence) == text)
    }

    @Test func aPrecisionOutOfReachIsNotPromised() async throws {
        let mixed = LabelledScores(
            positives: (0..<100).map { Float($0) },
            negatives: (0..<100).map { Float($0) + 0.5 }
        )
        let error = await #expect(throws: CLIPError.self) {
            try await mixed.calibrate(.precision(0.9), confidence: 0.95)
        }
        let advice = (error?.cause as? ErrorList)?.entries.first
        #expect(
            advice == "'c0': No threshold has a precision above 0.9 on these labels: improve the descriptions.",
            "\(advice ?? "")"
        )
    }

    /// Advice asks for at least one label, whichever thresholds were tested.
    @Test func adviceAsksForMoreLabelsNeverForFewer() async throws {
        var generator = SeededGenerator(seed: 11)
        let process = ScoreProcess(priors: [0.3], separation: 2.5)
        for number in 0..<300 {
            let scores = process.images(100 + number % 51, generator: &generator)
            do throws {
                _ = try await scores.calibrate(.precision(0.8), confidence: 0.95)
            } catch let error as CLIPError {
                let advice = try #require((error.cause as? ErrorList)?.entries.first)
                let words = advice.split(separator: " ")
                let count = words.firstIndex(of: "about").flatMap { Int(words[$0 + 1]) } ?? 1
                #expect(count >= 1, "\(advice)")
            }
        }
    }

    @Test func aTargetOnlyJustReachedIsSaidToBeOutOfReach() async throws {
        let scores = LabelledScores(
            positives: (0..<90_010).map { _ in 1 },
            negatives: (0..<10_000).map { _ in 1 }
        )
        let error = await #expect(throws: CLIPError.self) {
            try await scores.calibrate(.precision(0.9), confidence: 0.95)
        }
        let advice = try #require((error?.cause as? ErrorList)?.entries.first)
        #expect(advice.contains("hardly above 0.9, so that more than 100000 labels would be needed"), "\(advice)")
    }

    @Test(arguments: [CalibrationTarget.precision(0.9), .recall(0.9)])
    func withoutAPositiveLabelThatIsWhatIsSaid(target: CalibrationTarget) async throws {
        let scores = LabelledScores(positives: [], negatives: (0..<50).map { Float($0) })
        let error = await #expect(throws: CLIPError.self) { try await scores.calibrate(target, confidence: 0.95) }
        let advice = (error?.cause as? ErrorList)?.entries.first
        #expect(advice?.hasPrefix("'c0': It has no positive label") == true, "\(advice ?? "")")
    }

    @Test func aSingleCategoryWithoutAPromiseIsSkipped() async throws {
        let good = scores(positives: 80, negatives: 20)
        let evidence = good.evidence.flatMap { [$0, Evidence(score: -$0.score, positive: 0)] }
        let scores = LabelledScores(categoryCount: 2, evidence: evidence, truth: good.truth.flatMap { [$0, $0] })
        let result = try await scores.calibrate(.precision(0.95), confidence: 0.95)
        #expect(result.categories.map(\.name) == ["c0"])
        #expect(result.skipped.map(\.reason) == ["precision=0.95 cannot be promised with 95 % confidence"])
        #expect(result.skipped.first?.advice?.isEmpty == false)
    }
}
