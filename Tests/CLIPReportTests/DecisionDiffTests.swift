import CLIPCore
import CLIPReport
import Testing

@Suite struct DecisionDiffTests {
    /// Decisions with a match where there is a 1.
    static func decisions(_ matches: [[Int]]) -> Decisions {
        Decisions(
            categories: matches[0].indices.map { "\($0)" },
            evidence: matches.flatMap { $0.map { Evidence(score: Float($0), positive: Float($0)) } },
            outcomes: matches.flatMap { $0.map { $0 == 1 ? .match : .belowThreshold } }
        )
    }

    @Test func gainedAndLostImagesAreCountedByCategory() {
        var diff = DecisionDiff(before: ["a", "b"], after: ["a", "b"])
        let changes = diff.add(
            before: Self.decisions([[1, 0], [1, 1], [0, 0]]),
            after: Self.decisions([[1, 1], [0, 1], [0, 0]])
        )
        #expect(
            changes == [.init(image: 0, category: 1, isGained: true), .init(image: 1, category: 0, isGained: false)]
        )
        #expect(diff.counts == [.init(kept: 1, gained: 0, lost: 1), .init(kept: 1, gained: 1, lost: 0)])
    }

    @Test func categoriesAreMatchedByName() {
        var diff = DecisionDiff(before: ["a", "b", "old"], after: ["new", "b", "a"])
        #expect(diff.categories == ["a", "b"])
        #expect(diff.removed == ["old"])
        #expect(diff.added == ["new"])
        let changes = diff.add(before: Self.decisions([[1, 0, 1]]), after: Self.decisions([[1, 0, 1]]))
        #expect(changes == [])
    }
}
