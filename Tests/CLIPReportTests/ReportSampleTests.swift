import CLIPCore
import CLIPReport
import Testing

@Suite struct ReportSampleTests {
    /// Made-up results: the evidence of each image for each category.
    struct Results {
        var thresholds: [Float] = [0.5]
        var margin: Float = 0
        var rows: [(id: String, evidence: [Evidence])] = []

        /// An image with a score for each category, and no neutral test.
        mutating func add(_ id: String, _ scores: Float...) {
            rows.append((id, scores.map { Evidence(score: $0, positive: $0) }))
        }

        func sample(perCategory: Int = 6, unmatched: Int = 60, seed: UInt64 = 0) throws -> ReportSample {
            let file = CategoryFile(
                categories: thresholds.enumerated().map {
                    CategoryFile.Category(name: "\($0)", positive: ["x"], threshold: $1)
                },
                neutralMargin: margin
            )
            let definitions = file.categories.map {
                ReportSample.Definition(name: $0.name, threshold: $0.threshold, rule: "contrast")
            }
            var options = ReportSample.Options()
            options.perCategory = perCategory
            options.unmatched = unmatched
            options.seed = seed
            return try ReportSample(definitions, neutralMargin: margin, options: options) { body in
                for start in stride(from: 0, to: rows.count, by: 7) {
                    let block = rows[start..<min(start + 7, rows.count)]
                    try body(block.map(\.id), DecisionLimits(file).decide(block.flatMap(\.evidence)))
                }
            }
        }

        /// Images 0 to 999 with scores of a thousandth of their number.
        static var thousand: Results {
            var results = Results()
            for number in 0..<1000 { results.add("\(number)", Float(number) / 1000) }
            return results
        }
    }

    private func ids(_ cards: [ReportSample.Card], _ sample: ReportSample) -> [String] {
        cards.map { sample.images[$0.image].id }
    }

    @Test func allImagesAreCountedAndFewAreShown() throws {
        let sample = try Results.thousand.sample(perCategory: 60)
        #expect(sample.imageCount == 1000 && sample.unmatchedCount == 500)
        #expect(sample.categories[0].counts == .init(matches: 500, heldBack: 0, below: 500))
        #expect(sample.categories[0].cards.count == 60)
        #expect(sample.categories[0].histogram.bins.reduce(0) { $0 + $1.matches + $1.below } == 1000)
    }

    @Test func cardsAreTheHighestARandomSampleAndThoseAroundTheThreshold() throws {
        let sample = try Results.thousand.sample(perCategory: 60)
        let shown = ids(sample.categories[0].cards, sample)
        #expect(shown.prefix(10) == (990...999).reversed().map { "\($0)" }[...])
        #expect(shown.suffix(20) == (480...499).reversed().map { "\($0)" }[...])
        #expect(Set(shown).isSuperset(of: (500..<515).map { "\($0)" }))
        let random = sample.categories[0].cards.filter(\.isRandom)
        #expect(random.count == 10)
        #expect(random.allSatisfy { sample.images[$0.image].scores[0].outcome == .match })
    }

    @Test func randomSamplesFollowTheSeed() throws {
        func random(_ seed: UInt64) throws -> Set<String> {
            let sample = try Results.thousand.sample(perCategory: 60, seed: seed)
            return Set(ids(sample.categories[0].cards.filter(\.isRandom), sample))
        }
        #expect(try random(1) == random(1))
        #expect(try random(1) != random(2))
    }

    @Test func aRandomSampleFavoursNoImage() {
        var hits = [Int](repeating: 0, count: 20)
        for seed in 0..<2000 {
            var reservoir = Reservoir<Int>(limit: 5, seed: UInt64(seed))
            for item in hits.indices { reservoir.add(item) }
            for item in reservoir.items { hits[item] += 1 }
        }
        // 500 each are expected, with a standard deviation of 19; six of them are not exceeded by chance.
        #expect(hits.allSatisfy { abs($0 - 500) < 116 })
    }

    @Test func placesThatMatchesLeaveGoToNearMissesAndTheOtherWayRound() throws {
        var few = Results()
        few.add("match", 0.9)
        for number in 0..<50 { few.add("\(number)", Float(number) / 1000) }
        var sample = try few.sample(perCategory: 12)
        #expect(ids(sample.categories[0].cards, sample) == ["match"] + (39..<50).reversed().map { "\($0)" })

        var many = Results()
        many.add("miss", 0.4)
        for number in 0..<50 { many.add("\(number)", 0.5 + Float(number) / 1000) }
        sample = try many.sample(perCategory: 12)
        #expect(sample.categories[0].cards.count == 12)
        #expect(ids(sample.categories[0].cards, sample).last == "miss")
    }

    @Test func imagesThatTheNeutralTestHoldsBackComeBetweenMatchesAndLowerScores() throws {
        var results = Results()
        results.margin = 0.1
        results.rows = [
            ("below", [Evidence(score: 0.4, positive: 0.9, neutral: 0.1)]),
            ("far from neutral", [Evidence(score: 0.8, positive: 0.2, neutral: 0.7)]),
            ("match", [Evidence(score: 0.6, positive: 0.9, neutral: 0.1)]),
            ("nearly", [Evidence(score: 0.7, positive: 0.7, neutral: 0.65)]),
        ]
        var sample = try results.sample(perCategory: 4)
        #expect(ids(sample.categories[0].cards, sample) == ["match", "far from neutral", "nearly", "below"])
        sample = try results.sample(perCategory: 3)
        #expect(ids(sample.categories[0].cards, sample) == ["match", "nearly", "below"])
    }

    @Test func imagesWithoutACategoryComeWithTheOneTheyAreNearestTo() throws {
        var results = Results(thresholds: [0.5, 0.2])
        results.add("matched", 0.9, 0)
        results.add("far", 0, -0.5)
        results.add("near the second", 0.3, 0.15)
        results.add("near the first", 0.49, 0.1)
        let sample = try results.sample(unmatched: 2)
        #expect(sample.unmatchedCount == 3)
        #expect(ids(sample.unmatched, sample) == ["near the first", "near the second"])
        #expect(sample.unmatched.map(\.category) == [0, 1])
    }

    @Test func anImageThatIsShownTwiceIsThereOnceWithAllItsScores() throws {
        var results = Results(thresholds: [0.5, 0.5])
        results.add("both", 0.6, 0.7)
        let sample = try results.sample()
        #expect(sample.images.map(\.id) == ["both"])
        #expect(sample.images[0].scores.map(\.evidence.score) == [0.6, 0.7])
    }

    @Test func ofManyCategoriesThoseNearAnImageAreKept() throws {
        var results = Results(thresholds: [Float](repeating: 0.5, count: 100))
        let scores = (0..<100).map { Float($0) / 200 }
        results.rows = [("x", scores.map { Evidence(score: $0, positive: $0) })]
        let sample = try results.sample(perCategory: 0, unmatched: 1)
        #expect(sample.images[0].scores.map(\.category) == Array(60..<100))
    }

    @Test(arguments: [(1, 60), (24, 60), (25, 57), (144, 10), (1000, 6)])
    func manyCategoriesHaveFewerCardsEach(_ categories: Int, _ cards: Int) {
        #expect(ReportSample.Options().cards(ofEach: categories) == cards)
    }
}
