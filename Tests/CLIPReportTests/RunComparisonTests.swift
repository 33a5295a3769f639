import CLIPCore
import CLIPReport
import Testing

@Suite struct RunComparisonTests {
    /// A run with made-up scores, and a threshold of 0.5 for each category.
    private static func run(
        named name: String = "a.parquet",
        categories: [String] = ["cat"],
        _ rows: [(id: String, scores: [Float])]
    ) -> RunComparison.Run {
        let limits = DecisionLimits(
            names: categories,
            thresholds: categories.map { _ in 0.5 },
            neutralMargin: 0
        )
        return RunComparison.Run(
            name: name,
            categories: categories.map { .init(name: $0, threshold: 0.5, rule: "contrast") },
            neutralMargin: 0,
            imageCount: rows.count
        ) { body in
            for start in stride(from: 0, to: rows.count, by: 7) {
                let block = rows[start..<min(start + 7, rows.count)]
                let evidence = block.flatMap { $0.scores.map { Evidence(score: $0, positive: $0) } }
                try body(limits.decide(evidence, ids: block.map(\.id)))
            }
        }
    }

    @Test func imagesAreComparedByTheirIDsWhateverTheirOrder() throws {
        let earlier = (0..<40).map { (id: "\($0)", scores: [Float($0 % 2)]) }
        var later = earlier
        later[4].scores = [1]
        later[7].scores = [0]
        let comparison = try RunComparison(from: Self.run(earlier), to: Self.run(later.reversed()))
        #expect(comparison.categories.map(\.counts) == [.init(kept: 19, gained: 1, lost: 1)])
        #expect(comparison.changes.map(\.id) == ["4", "7"])
        #expect(comparison.changes.map(\.isGained) == [true, false])
        #expect(comparison.changes.map(\.earlier.evidence.score) == [0, 1])
        #expect(comparison.changes.map(\.earlier.outcome) == [.belowThreshold, .match])
    }

    @Test func categoriesAreComparedByTheirNamesInTheOrderOfTheLaterRun() throws {
        let comparison = try RunComparison(
            from: Self.run(categories: ["old", "dog", "cat"], [("x", [1, 0, 1])]),
            to: Self.run(categories: ["cat", "new", "dog"], [("x", [1, 1, 1])])
        )
        #expect(comparison.categories.map(\.position) == [0, 2])
        #expect(comparison.categories.map(\.counts) == [.init(kept: 1), .init(gained: 1)])
        #expect(comparison.changes.map(\.earlier.category) == [2])
        #expect(comparison.onlyEarlier == ["old"] && comparison.onlyLater == ["new"])
    }

    @Test func aCategoryBeyondTheEighthIsCompared() throws {
        let names = (0..<20).map { "\($0)" }
        let comparison = try RunComparison(
            from: Self.run(categories: names, [("x", names.indices.map { $0 == 8 ? 1 : 0 })]),
            to: Self.run(categories: names, [("x", names.indices.map { $0 == 19 ? 1 : 0 })])
        )
        #expect(comparison.changes.map(\.earlier.category) == [8, 19])
        #expect(comparison.changes.map(\.isGained) == [false, true])
    }

    @Test func imagesOfOneRunOnlyAreCountedAndNotCompared() throws {
        let comparison = try RunComparison(
            from: Self.run([("removed", [1]), ("both", [1])]),
            to: Self.run([("both", [1]), ("new", [1]), ("newer", [1])])
        )
        #expect(comparison.sharedCount == 1 && comparison.onlyEarlierCount == 1 && comparison.onlyLaterCount == 2)
        #expect(comparison.categories.map(\.counts) == [.init(kept: 1)])
        #expect(comparison.changes == [])
    }

    @Test func ofManyChangesARandomSampleIsKeptThatFollowsTheSeed() throws {
        let (low, high) = ((0..<500).map { ("\($0)", [Float(0)]) }, (0..<500).map { ("\($0)", [Float(1)]) })
        func ids(_ seed: UInt64) throws -> [String] {
            var options = ReportSample.Options()
            options.seed = seed
            let comparison = try RunComparison(from: Self.run(low), to: Self.run(high), options: options)
            #expect(comparison.categories.map(\.counts.gained) == [500])
            return comparison.changes.map(\.id)
        }
        #expect(try Set(ids(0)).count == 20)
        #expect(try ids(0) == ids(0))
        #expect(try ids(0) != ids(1))
    }

    @Test func runsWithoutACommonImageAreRefused() throws {
        let error = #expect(throws: CLIPError.self) {
            try RunComparison(
                from: Self.run(named: "old.parquet", [("a", [1])]),
                to: Self.run(named: "new.parquet", [("b", [1])])
            )
        }
        #expect(error?.code == .notFound)
        #expect(
            error?.message == "None of the images in new.parquet are in old.parquet. Compare results of the same store."
        )
    }

    @Test(arguments: [true, false]) func anIDInSeveralRowsIsRefused(_ isEarlier: Bool) throws {
        let (once, twice) = (Self.run(named: "once", [("a", [1])]), Self.run(named: "twice", [("a", [1]), ("a", [0])]))
        let error = #expect(throws: CLIPError.self) {
            try isEarlier ? RunComparison(from: twice, to: once) : RunComparison(from: once, to: twice)
        }
        #expect(error?.code == .corruptData && error?.message.contains("twice has an id in several rows") == true)
    }

    @Test func theSampleOfAReportIncludesTheChangedImagesWithTheirScores() throws {
        let rows = (0..<300).map { (id: "\($0)", scores: [Float($0) / 300]) }
        let later = Self.run(rows)
        let comparison = try RunComparison(from: Self.run(rows.map { ($0.id, [1 - $0.scores[0]]) }), to: later)
        var options = ReportSample.Options()
        options.perCategory = 3
        options.unmatched = 0
        let sample = try ReportSample(
            later.categories,
            neutralMargin: 0,
            options: options,
            including: comparison.changes.map { ($0.id, $0.earlier.category) }
        ) { body in
            try later.decisions { try body($0.map(\.id), $0) }
        }
        #expect(comparison.changes.count == 40)
        #expect(sample.included.map { sample.images[$0.image].id } == comparison.changes.map(\.id))
        #expect(
            zip(sample.included, comparison.changes).allSatisfy {
                (sample.images[$0.image].scores[0].outcome == .match) == $1.isGained
            }
        )
        #expect(sample.categories[0].cards.count == 3)
    }
}
