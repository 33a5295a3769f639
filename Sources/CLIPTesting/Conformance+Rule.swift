public import CLIPCore

extension Conformance {
    /// Checks that a scoring rule has an identifier, returns one finite item of evidence per image and category, and
    /// scores an image independently of the other images in the block, for all categories of a file and for some of
    /// them.
    ///
    /// - Throws: ``Violation``.
    public static func check(_ rule: some ScoringRule) async throws {
        try require(!rule.identifier.isEmpty, "the rule has no identifier: return a text that includes its parameters")
        let custom = RuleChoice.custom(rule)
        var file = CategoryFile(
            categories: [
                .init(name: "both", positive: ["a", "b"], negative: ["c"], threshold: 0, rule: custom),
                .init(name: "positive", positive: ["d"], threshold: 0, rule: custom),
                .init(name: "another", positive: ["f", "g", "h"], negative: ["i", "j"], threshold: 0, rule: custom),
            ],
            neutral: ["e"]
        )
        try await check(file)
        file.categories[1].rule = .contrast
        try await check(file)
        file.neutral = []
        file.categories = [file.categories[1], file.categories[2]]
        try await check(file)
    }

    private static func check(_ file: CategoryFile) async throws {
        let embedder = TextEmbedder(tokenizer: StubTokenizer(), encoder: StubTextEncoder())
        let classifier = try Classifier(file, bank: try await PromptBank(file, embedder: embedder))
        let images = try await embedder.embed(["first image", "second image", "third image"])
        let names = file.categories.map(\.name)
        let together = try classifier.score(images)
        for (index, evidence) in together.enumerated() {
            let (image, category) = index.quotientAndRemainder(dividingBy: names.count)
            try require(
                evidence.isFinite,
                "the evidence for image \(image) and category '\(names[category])' is \(evidence): return finite numbers"
            )
        }
        for image in 0..<images.count {
            let alone = try classifier.score(EmbeddingMatrix(rows: [images[row: image]]))
            for (category, evidence) in alone.enumerated() {
                let other = together[image * names.count + category]
                try require(
                    abs(other.score - evidence.score) <= 1e-5,
                    "image \(image) has the score \(evidence.score) for category '\(names[category])' when it is alone, and "
                        + "\(other.score) beside others: use only the row of the image"
                )
            }
        }
    }
}
