import CLIPCore
import CLIPEvaluation
import CLIPTesting
import TestSupport
import Testing

/// Problems that were planted are found, and where there is none, none is found.
@Suite struct DescriptionSuggesterTests {
    private static func cats(positive: [String] = ["cat"], negative: [String] = []) -> CategoryFile {
        CategoryFile(categories: [.init(name: "cat", positive: positive, negative: negative, threshold: 0.5)])
    }

    private func changes(_ found: DescriptionSuggestions) -> [DescriptionChange] {
        found.suggestions.flatMap(\.changes)
    }

    private func words(_ change: DescriptionChange) -> String {
        "\(change.action.rawValue) \(change.role.rawValue) \(change.text)"
    }

    /// Foxes are as much like cats as cats are.
    @Test func whatFalsePositivesAreNearestToIsSuggestedAsANegative() async throws {
        var world = SuggestionWorld(seed: 1)
        world.add(60, ["cat": 0.7], isCat: true, noise: 0.14)
        world.add(50, ["cat": 0.7, "fox": 0.6], isCat: false)
        world.add(90, ["car": 0.7], isCat: false)
        let found = try await world.suggestions(Self.cats())
        let suggestion = found.suggestions[0]
        #expect(suggestion.changes.map(words).contains("add negative fox"))
        let attempt = try #require(suggestion.attempt)
        #expect(attempt.after.precision > attempt.before.precision + 0.2)
        #expect(attempt.after.recall > 0.9)
        #expect(suggestion.falsePositives.phrases.first?.text == "fox")
        #expect(suggestion.falsePositives.ids.count >= 45)
        #expect(attempt.explainedCount > 0 && attempt.explainedCount <= suggestion.falsePositives.ids.count)
    }

    /// Half of the cats are kittens, which are not much like cats.
    @Test func whatMissedImagesAreNearestToIsSuggestedAsAPositive() async throws {
        var world = SuggestionWorld(seed: 2)
        world.add(40, ["cat": 0.7], isCat: true)
        world.add(40, ["cat": 0.25, "kitten": 0.7], isCat: true)
        world.add(120, ["car": 0.5, "cat": 0.25], isCat: false)
        let found = try await world.suggestions(Self.cats())
        #expect(changes(found).map(words).contains("add positive kitten"))
        #expect(found.suggestions[0].missed.phrases.first?.text == "kitten")
    }

    /// The images outside of the category show grass.
    @Test func aHarmfulDescriptionIsToBeRemoved() async throws {
        var world = SuggestionWorld(seed: 3)
        world.add(60, ["cat": 0.6], isCat: true)
        world.add(120, ["grass": 0.5, "cat": 0.2], isCat: false)
        let found = try await world.suggestions(Self.cats(positive: ["cat", "grass"]))
        #expect(changes(found).first.map(words) == "remove positive grass")
    }

    @Test func aHarmfulNegativeIsToBeRemoved() async throws {
        var world = SuggestionWorld(seed: 4)
        world.add(60, ["cat": 0.6, "grass": 0.5], isCat: true)
        world.add(120, ["car": 0.5, "cat": 0.25], isCat: false)
        let found = try await world.suggestions(Self.cats(negative: ["grass"]))
        #expect(changes(found).first.map(words) == "remove negative grass")
    }

    /// Cats and others differ only by how much of the cat one sees, and by noise: a suggestion would be a mistake.
    ///
    /// The bound is that of 95 %: of 40 collections, 5 or more would be wrong by chance with a probability of 0.05.
    @Test func whereNothingIsWrongNothingIsSuggested() async throws {
        var mistaken = 0
        for seed in 0..<40 {
            var world = SuggestionWorld(seed: 100 + UInt64(seed))
            world.add(50, ["cat": 0.5], isCat: true, noise: 0.12)
            world.add(100, ["cat": 0.2], isCat: false, noise: 0.12)
            if try await !world.suggestions(Self.cats()).isEmpty { mistaken += 1 }
        }
        #expect(mistaken <= 4)
    }

    /// Each labelled car stands for ten: what helps against foxes alone, at the cost of letting in cars, no longer does.
    @Test func imagesCountAsOftenAsTheirProbabilitiesSay() async throws {
        func figures(probability: Double?) async throws -> HeldOutMetrics {
            var world = SuggestionWorld(seed: 5)
            let drawn: Double? = probability == nil ? nil : 1
            world.add(60, ["cat": 0.7, "grass": 0.4], isCat: true, probability: drawn)
            world.add(40, ["cat": 0.7, "fox": 0.6], isCat: false, probability: probability)
            world.add(60, ["car": 0.7], isCat: false, probability: drawn)
            return try #require(try await world.suggestions(Self.cats()).suggestions[0].attempt).before
        }
        let (plain, weighted) = (try await figures(probability: nil), try await figures(probability: 0.1))
        #expect(weighted.precision < plain.precision / 2)
    }

    @Test func aCategoryWithFewLabelsIsSkipped() async throws {
        var world = SuggestionWorld(seed: 6)
        world.add(9, ["cat": 0.7], isCat: true)
        world.add(50, ["car": 0.7], isCat: false)
        let found = try await world.suggestions(Self.cats())
        #expect(
            found.suggestions.map(\.skippedReason) == [
                "9 positive labels (at least 10 are needed)", "no category has enough labels",
            ]
        )
        #expect(found.isEmpty)
    }

    @Test func aVocabularyOfAnotherModelIsRefused() async throws {
        var world = SuggestionWorld(seed: 7)
        world.add(20, ["cat": 0.7], isCat: true)
        world.add(20, ["car": 0.7], isCat: false)
        let embedder = world.embedder
        let other = TextFunction(
            model: ModelDescription(
                name: "other",
                identity: "other",
                embeddingDimension: SuggestionWorld.dimension,
                preprocessing: embedder.model.preprocessing
            )
        ) { try await embedder.embed($0) }
        let suggester = DescriptionSuggester(vocabulary: try await world.vocabulary.embedded(by: other))
        let error = await #expect(throws: CLIPError.self) {
            try await suggester.run(Self.cats(), images: world.images, embedder: world.embedder)
        }
        #expect(error?.code == .modelMismatch)
    }
}
