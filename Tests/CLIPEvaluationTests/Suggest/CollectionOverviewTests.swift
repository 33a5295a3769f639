import CLIPCore
import CLIPEvaluation
import CLIPTesting
import Testing

/// What was put into a collection is found in it.
@Suite struct CollectionOverviewTests {
    private static func world() -> SuggestionWorld {
        var world = SuggestionWorld(seed: 11)
        world.add(60, ["photo": 1, "cat": 0.6], isCat: true)
        world.add(40, ["photo": 1, "fox": 0.6], isCat: false)
        world.add(20, ["photo": 1, "car": 0.6], isCat: false)
        return world
    }

    private static func overview(
        _ clusters: Int? = 3,
        seed: UInt64 = 0,
        idStart: String = ""
    ) async throws -> CollectionOverview {
        let world = world()
        var options = CollectionOverview.Options()
        options.clusters = clusters
        options.seed = seed
        let vocabulary = try await world.vocabulary.embedded(by: world.embedder)
        let store = world.store(ids: world.images.ids.map { idStart + $0 })
        return try CollectionOverview(of: store, vocabulary: vocabulary, options: options)
    }

    /// All images are photos, which distinguishes none of them.
    @Test func clustersHaveTheirCountsPhrasesAndExamples() async throws {
        let clusters = try await Self.overview().clusters
        #expect(clusters.map(\.count) == [60, 40, 20])
        #expect(clusters.map { $0.phrases.first?.text } == ["cat", "fox", "car"])
        // The noise moves some images away from their thing.
        #expect((45...60).contains(clusters[0].phrases.first?.count ?? 0))
        #expect(clusters[2].examples.count == 5)
        #expect(clusters[2].examples.allSatisfy { (100..<120).contains(Int($0) ?? 0) })
    }

    @Test func theDraftRecognisesItsClusters() async throws {
        let overview = try await Self.overview()
        let file = try overview.draft(descriptions: 1)
        #expect(file.categories.map(\.name) == ["cat", "fox", "car"])
        let world = Self.world()
        let decisions = try await Classifier(file, embedder: world.embedder).classify(world.images.embeddings)
        let right = (0..<decisions.count).count { image in
            decisions.matches(image: image) == [image < 60 ? 0 : image < 100 ? 1 : 2]
        }
        #expect(right >= 114)
    }

    @Test func theDraftsTextIsACategoryFileWithExamples() async throws {
        let text = try await Self.overview().draftText()
        let file = try CategoryFile(text: text, name: "draft")
        #expect(file.categories.map(\.name) == ["cat", "fox", "car"])
        #expect(text.contains("\n  # 60 images, such as "))
        #expect(text.contains("\n  # 20 images, such as "))
    }

    @Test func idsOfExamplesCannotSpoilTheDraft() async throws {
        let start = "\u{1}\u{7F}\u{9B}\r\n\u{85}\u{2028}\u{FEFF}\u{FFFE}"
        let text = try await Self.overview(idStart: start).draftText()
        #expect(try CategoryFile(text: text, name: "draft").categories.map(\.name) == ["cat", "fox", "car"])
    }

    /// Many clusters of one kind of thing are one category.
    @Test func clustersWithTheSamePhraseAreOneCategory() async throws {
        let overview = try await Self.overview(8)
        let file = try overview.draft()
        #expect(overview.clusters.count > file.categories.count)
        #expect(overview.clusters.reduce(0) { $0 + $1.count } == 120)
        #expect(Set(file.categories.map(\.name)).isSuperset(of: ["cat", "fox", "car"]))
    }

    @Test func theSameSeedGivesTheSameClusters() async throws {
        #expect(try await Self.overview(nil, seed: 3).clusters == Self.overview(nil, seed: 3).clusters)
    }

    @Test func equalImagesAreOneCluster() async throws {
        var world = SuggestionWorld(seed: 12)
        world.add(7, ["cat": 1], isCat: true, noise: 0)
        let vocabulary = try await world.vocabulary.embedded(by: world.embedder)
        let overview = try CollectionOverview(of: world.store, vocabulary: vocabulary)
        #expect(overview.clusters.map(\.count) == [7])
    }

    @Test func anEmptyStoreIsAnError() async throws {
        let world = SuggestionWorld(seed: 13)
        let vocabulary = try await world.vocabulary.embedded(by: world.embedder)
        let error = #expect(throws: CLIPError.self) { try CollectionOverview(of: world.store, vocabulary: vocabulary) }
        #expect(error?.code == .notFound)
    }
}
