internal import CLIPCore

/// Scores labelled images with variants of a category file whose prompts were embedded before.
struct TrialScorer: Sendable {
    /// A category whose decisions are measured.
    struct Target: Sendable {
        /// Its position in ``TrialScorer/file``.
        let category: Int
        /// One label per image; `nil` if unknown.
        let labels: [Bool?]
    }

    /// The categories whose scores depend on the changes.
    let file: CategoryFile
    /// The category that changes; ignored by changes of neutral descriptions.
    let changed: Int
    /// The measured categories.
    let targets: [Target]
    /// How often each image counts for each target.
    let imageWeights: ImageWeights
    /// The images.
    let embeddings: EmbeddingMatrix
    /// The vectors of all prompts, by their text.
    var vectors: [String: [Float]] = [:]
    /// The model of the vectors.
    private(set) var model: ModelDescription?

    /// Number of images.
    var count: Int { embeddings.count }

    /// The smallest number of images of a class of any target.
    var rarestClass: Int {
        targets.flatMap { target in [true, false].map { label in target.labels.count { $0 == label } } }.min() ?? 0
    }

    /// The evidence for each image and category of a variant of the file.
    func evidence(_ variant: CategoryFile) throws -> [Evidence] {
        let bank = try PromptBank(variant, vectors: vectors, model: model)
        return try Classifier(variant, bank: bank).score(embeddings)
    }

    /// The scores of each target with a variant of the file.
    func ranked(_ variant: CategoryFile) throws -> [RankedScores] {
        let evidence = try evidence(variant)
        let width = variant.categories.count
        return targets.map { target in
            let own = stride(from: target.category, to: evidence.count, by: width).lazy.map { evidence[$0] }
            return RankedScores(evidence: own, labels: target.labels)
        }
    }

    /// The weights of each target, those of other rows than the given ones set to 0.
    func weights(of rows: [Bool]) -> [[Double]] {
        imageWeights.all.map { weights in zip(weights, rows).map { $1 ? $0 : 0 } }
    }

    /// Embeds the prompts of the file and of descriptions that may be added.
    mutating func embed(_ changes: [DescriptionChange], with embedder: RememberingEmbedder) async throws {
        let prompts = prompts(after: changes)
        let embedded = try await embedder.embed(prompts)
        for (row, prompt) in prompts.enumerated() { vectors[prompt] = embedded[row: row] }
        model = embedder.model
    }

    private func prompts(after changes: [DescriptionChange]) -> [String] {
        let templates = file.categories[changed].templates ?? file.templates
        let own = file.categories.flatMap { category in
            (category.positive + category.negative).flatMap {
                PromptTemplate.sentences($0, category.templates ?? file.templates)
            }
        }
        let added = changes.filter { $0.action == .add }.flatMap { change in
            change.role == .neutral ? [change.text] : PromptTemplate.sentences(change.text, templates)
        }
        return own + file.neutral + added
    }
}
