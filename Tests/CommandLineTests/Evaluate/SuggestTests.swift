import CLIPArrow
import CLIPCore
import CLIPTorch
import Testing

/// Stores whose images are made of the vectors of texts, so that what is to be found is known.
@Suite(.serialized, .ownThreads) struct SuggestTests {
    private static let words = ["cat", "fox", "car", "teapot", "castle", "banana", "violin", "glove"]
    private static let categories = """
        # Mine.
        threshold: 0.3
        categories:
          cat:
            positive: ["cat"]   # any kind
        """

    private struct Image {
        let shares: [String: Float]
        let label: Bool
        let count: Int
    }

    /// A store, labels, categories and a vocabulary.
    private func place(_ images: [Image]) async throws -> Workplace {
        let place = try Workplace()
        let bundle = try ModelBundle(named: ModelLibrary.defaultName, usesCache: false)
        let texts = try await bundle.textEmbedder().embed(Self.words)
        var random = SeededGenerator(seed: 1)
        var vectors = EmbeddingMatrix(dimension: texts.dimension)
        var labels = "id,category,label\n"
        for image in images {
            for _ in 0..<image.count {
                var vector = (0..<texts.dimension).map { _ in Float.random(in: -0.04...0.04, using: &random) }
                for (row, word) in Self.words.enumerated() {
                    guard let share = image.shares[word] else { continue }
                    for (column, value) in texts[row: row].enumerated() { vector[column] += share * value }
                }
                labels += "\(vectors.count).jpg,cat,\(image.label ? 1 : 0)\n"
                vectors.append(vector)
            }
        }
        let writer = try ParquetStoreWriter(path: place.path("store"), provenance: Provenance(bundle.model))
        _ = try await writer.storedImages()
        let ids = (0..<vectors.count).map { "\($0).jpg" }
        try await writer.append(EmbeddingBlock(ids: ids, embeddings: try vectors.normalized()))
        try await writer.finish(.complete)
        try place.write(labels, "labels.csv")
        try place.write(Self.categories, "categories.yaml")
        try place.write(Self.words.joined(separator: "\n"), "words.txt")
        return place
    }

    private static let foxes = [
        Image(shares: ["cat": 0.8, "glove": 0.3], label: true, count: 40),
        Image(shares: ["cat": 0.8, "fox": 0.6], label: false, count: 30),
        Image(shares: ["car": 0.8], label: false, count: 50),
    ]

    @Test func labelsThatAreNoRandomSampleAreWarnedOf() async throws {
        let place = try await place(Self.foxes)
        let all = String(decoding: try FileBytes.read(place.path("labels.csv")), as: UTF8.self)
        // Nothing that is neither a cat nor a fox.
        try place.write(all.split(separator: "\n").prefix(71).joined(separator: "\n"), "some.csv")
        for (labels, isBiased) in [("some.csv", true), ("labels.csv", false)] {
            let files = ["--categories", place.path("categories.yaml"), "--labels", place.path(labels)]
            let words = ["--vocabulary", place.path("words.txt"), "--max-changes", "1"]
            let result = try Tool.run(["suggest", place.path("store")] + files + words, scratch: place.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                result.errors.contains("the labels of 'cat' are not a random sample of the store") == isBiased,
                "\(result.errors)"
            )
        }
    }

    private func suggest(_ place: Workplace, _ options: String...) throws -> Tool.Result {
        let files = ["--vocabulary", place.path("words.txt")]
        return try Tool.run(["suggest", place.path("store")] + files + options, scratch: place.folder)
    }

    @Test func aPlantedProblemIsFoundAndTheFileKeepsItsComments() async throws {
        let place = try await place(Self.foxes)
        let labelled = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        let output = place.path("new.yaml")
        let result = try suggest(place, labelled[0], labelled[1], labelled[2], labelled[3], "--output", output)
        #expect(result.status == 0, "\(result.errors)")
        let nearest = "False positives are nearest to \"car\" (50), \"fox\" (30)."
        #expect(result.output.contains(nearest), "\(result.output)")
        #expect(result.output.contains("Suggestion: add the negative"), "\(result.output)")
        #expect(result.output.contains("\ncat  "), "\(result.output)")
        let text = String(decoding: try FileBytes.read(output), as: UTF8.self)
        #expect(text.contains("# Mine.\n") && text.contains("positive: [\"cat\"]   # any kind\n"), "\(text)")
        #expect(text.contains("negative: [\"fox\""), "\(text)")
        let file = try CategoryFile(text: text, name: output)
        #expect(file.model != nil && file.calibratedOn != nil)
    }

    @Test func withoutAClearGainNoFileIsWritten() async throws {
        let place = try await place([
            Image(shares: ["cat": 0.8], label: true, count: 30), Image(shares: ["car": 0.8], label: false, count: 40),
        ])
        let labelled = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        let output = place.path("new.yaml")
        let result = try suggest(place, labelled[0], labelled[1], labelled[2], labelled[3], "--output", output)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("No change has a clear gain on held-out images, so none is suggested."))
        #expect(result.output.contains("new.yaml was not written"))
        #expect((try? FileBytes.read(output)) == nil)
    }

    @Test func anUnknownCollectionGetsADraft() async throws {
        let place = try await place(Self.foxes)
        let result = try suggest(place, "--clusters", "3", "--output", place.path("draft.yaml"))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("3 clusters."))
        let file = try CategoryFile(contentsOf: place.path("draft.yaml"))
        #expect(file.categories.map(\.name).contains("car"))
        let classified = try place.run(
            "classify",
            place.path("store"),
            "--categories",
            place.path("draft.yaml"),
            "--output",
            place.path("results.csv")
        )
        #expect(classified.status == 0, "\(classified.errors)")
    }

    @Test(arguments: [
        (["--categories", "c.yaml"], "needs --labels"), (["--labels", "l.csv"], "needs --categories"),
        (["--category", "cat"], "needs --categories and --labels"), (["--clusters", "0"], "from 1 to 1000"),
        (["--categories", "c.yaml", "--labels", "l.csv", "--clusters", "3"], "only without --labels"),
        (["--max-changes", "0"], "from 1 to 20"),
    ])
    func whatDoesNotFitTogetherIsAUsageError(options: [String], message: String) throws {
        let place = try Workplace()
        let result = try Tool.run(["suggest", place.path("store")] + options, scratch: place.folder)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    }

    @Test func aCategoryThatIsNotInTheFileIsNamed() async throws {
        let place = try await place(Self.foxes)
        let labelled = ["--categories", place.path("categories.yaml"), "--labels", place.path("labels.csv")]
        let result = try suggest(place, labelled[0], labelled[1], labelled[2], labelled[3], "--category", "cats")
        #expect(result.status == 2 && result.errors.contains("Did you mean 'cat'?"), "\(result.errors)")
    }
}
