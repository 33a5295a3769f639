import CLIPCore
import CLIPEvaluation
import Testing

/// Suggestions for categories whose scores depend on one another.
@Suite struct CompetingSuggestionsTests {
    private static let file = CategoryFile(
        categories: ["cat", "car"].map { name in
            .init(name: name, positive: [name], threshold: 0.5, rule: .softmax(group: "things", scale: 10))
        }
    )

    /// Foxes are as much like cats as cats are: a description of foxes changes the probabilities of cars too.
    @Test func thresholdsFitTheFinalFileForAllOfAGroup() async throws {
        var world = SuggestionWorld(seed: 1)
        world.add(60, ["cat": 0.7], isCat: true, noise: 0.14)
        world.add(50, ["cat": 0.7, "fox": 0.6], isCat: false)
        world.add(90, ["car": 0.7], isCat: false)
        let isCar = (0..<200).map { $0 >= 110 }
        let images = LabelledEmbeddings(
            ids: world.images.ids,
            embeddings: world.images.embeddings,
            categories: ["cat", "car"],
            truth: (0..<200).flatMap { [world.images.truth[$0], isCar[$0]] }
        )
        let suggester = DescriptionSuggester(
            vocabulary: try await world.vocabulary.embedded(by: world.embedder),
            partitions: 2,
            bootstrap: BootstrapOptions(resamples: 100)
        )
        let found = try await suggester.run(Self.file, images: images, embedder: world.embedder)
        #expect(found.suggestions[0].changes.contains { $0.text == "fox" })
        #expect(Set(found.thresholds.keys) == ["cat", "car"])

        var improved = Self.file
        for suggestion in found.suggestions {
            let index = improved.categories.firstIndex { $0.name == suggestion.category } ?? 0
            improved = suggestion.changes.reduce(improved) { $1.applied(to: $0, category: index) }
        }
        let evidence = try await Classifier(improved, embedder: world.embedder).score(images.embeddings)
        for (index, name) in images.categories.enumerated() {
            let scores = stride(from: index, to: evidence.count, by: 2).map { evidence[$0].score }
            let truth = images.truth(category: index).map { $0 == true }
            func f1(_ threshold: Float) -> Double {
                let hits = zip(scores, truth).count { $0 >= threshold && $1 }
                return Double(2 * hits) / Double(scores.count { $0 >= threshold } + truth.count { $0 })
            }
            let threshold = try #require(found.thresholds[name])
            #expect(f1(threshold) == scores.map(f1).max())
        }
    }
}
