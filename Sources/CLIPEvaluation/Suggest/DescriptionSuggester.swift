public import CLIPCore

/// Finds descriptions in a vocabulary that would help a category, and descriptions of the file that do harm.
///
/// Candidates are the phrases nearest to wrongly decided images: to false positives for negative and neutral
/// descriptions, to missed images for positive ones. Greedy forward selection makes the change, an addition or a
/// removal, with the largest F1, up to a maximum number of changes.
///
/// A category of a `softmax` group shares its probabilities with the others, so what counts is the mean over the group.
///
/// Gains are measured by cross-validation. The complete procedure, including the choice of candidates, runs without
/// one fold and then decides on that fold; thresholds are those of largest F1 of the other folds. A gain is clear if its
/// 95 % confidence interval (paired bootstrap over images) is above 0. Other changes are not suggested.
///
/// ```swift
/// let suggester = DescriptionSuggester(vocabulary: try await vocabulary.embedded(by: embedder))
/// let found = try await suggester.run(file, images: images, embedder: embedder)
/// found.suggestions[0].changes  // add negative "fox"
/// ```
public struct DescriptionSuggester: Sendable {
    private let vocabulary: EmbeddedVocabulary
    let folds: Int
    let partitions: Int
    private let maximumChanges: Int
    let bootstrap: BootstrapOptions

    /// The number of nearest phrases per image that candidates are chosen from.
    private static let phrasesPerImage = 20
    private static let shownPhrases = 5

    /// Creates a suggester.
    ///
    /// - Parameters:
    ///   - vocabulary: The phrases to choose from.
    ///   - maximumChanges: The largest number of changes per category, at least 1.
    ///   - folds: Number of cross-validation folds, at least 2.
    ///   - partitions: How often to repeat the cross-validation with other folds, to reduce the variance of its mean.
    ///   - bootstrap: The bootstrap for the standard errors, for which a few hundred resamples are enough.
    public init(
        vocabulary: EmbeddedVocabulary,
        maximumChanges: Int = 4,
        folds: Int = 5,
        partitions: Int = 4,
        bootstrap: BootstrapOptions = BootstrapOptions(resamples: 200)
    ) {
        precondition(maximumChanges >= 1, "there is something to suggest")
        precondition(folds >= 2 && partitions >= 1 && bootstrap.resamples >= 2, "there is something to compare")
        self.vocabulary = vocabulary
        self.maximumChanges = maximumChanges
        self.folds = folds
        self.partitions = partitions
        self.bootstrap = bootstrap
    }

    /// Finds suggestions for the categories of a file.
    ///
    /// - Parameters:
    ///   - file: The categories.
    ///   - images: Labelled images for these categories.
    ///   - embedder: Embeds descriptions, with the vocabulary's model.
    ///   - categories: The names of the categories to consider; `nil` considers all of them and the neutral
    ///     descriptions.
    /// - Returns: One suggestion per category, and then one for the neutral descriptions, in addition to the others. A
    ///   category with too few labels is skipped, with a reason.
    /// - Throws: `CLIPError` with code `modelMismatch` if vocabulary, images and embedder belong to different models;
    ///   what the embedder and `Classifier` throw.
    /// - Precondition: The images have labels for the categories of the file.
    public func run(
        _ file: CategoryFile,
        images: LabelledEmbeddings,
        embedder: some TextEmbedding,
        categories: Set<String>? = nil
    ) async throws -> DescriptionSuggestions {
        precondition(images.categories == file.categories.map(\.name), "the labels are for these categories")
        try images.requireModel(embedder.model)
        try requireModel(embedder.model)
        let search = NearestPhrases(
            vocabulary,
            count: Self.phrasesPerImage,
            background: images.embeddings.rowMean()
        )
        let nearest = try search.hits(for: images.embeddings).map { $0.map(\.phrase) }
        let embedder = RememberingEmbedder(embedder)
        let described = file.withoutLearningCategories()
        let decisions =
            try await described.categories.isEmpty
            ? nil : Classifier(described, embedder: embedder).classify(images.embeddings)
        var suggestions = [DescriptionSuggestions.Suggestion]()
        var measured = [Int]()
        var changed = [Int]()
        var improved = file
        for (index, category) in file.categories.enumerated() where categories?.contains(category.name) ?? true {
            let errors = CategoryErrors(
                images.truth(category: index),
                matches: decisions?.matches(category: category.name) ?? [],
                ids: images.ids,
                nearest: nearest,
                phrases: vocabulary.phrases,
                shown: Self.shownPhrases
            )
            let shortage = shortage(of: index, in: file, images)
            var attempt: DescriptionSuggestions.Attempt?
            if shortage == nil {
                measured.append(index)
                let group = file.competitors(ofCategory: index).filter {
                    self.shortage(of: $0, in: file, images) == nil
                }
                let scope = try scope(improved, images, changed: index, measured: group, isNeutral: false)
                attempt = try await self.attempt(scope, nearest, embedder, falsePositives: errors.falsePositiveRows)
            }
            let suggestion = errors.suggestion(category: category.name, attempt: attempt, skippedReason: shortage)
            improved = suggestion.changes.reduce(improved) { $1.applied(to: $0, category: index) }
            if !suggestion.changes.isEmpty { changed += file.competitors(ofCategory: index) }
            suggestions.append(suggestion)
        }
        if categories == nil {
            var attempt: DescriptionSuggestions.Attempt?
            if let first = measured.first {
                let scope = try scope(improved, images, changed: first, measured: measured, isNeutral: true)
                attempt = try await self.attempt(scope, nearest, embedder, falsePositives: [])
            }
            let reason = measured.isEmpty ? "no category has enough labels" : nil
            let suggestion = DescriptionSuggestions.Suggestion(
                neutralIn: images.count,
                attempt: attempt,
                skippedReason: reason
            )
            improved = suggestion.changes.reduce(improved) { $1.applied(to: $0, category: 0) }
            if !suggestion.changes.isEmpty { changed += measured }
            suggestions.append(suggestion)
        }
        let fitted = Set(changed).filter { shortage(of: $0, in: file, images) == nil }
        return DescriptionSuggestions(
            suggestions: suggestions,
            thresholds: try await images.bestThresholds(improved, categories: fitted, embedder: embedder),
            modelIdentity: embedder.model.identity
        )
    }

    private func requireModel(_ model: ModelDescription) throws {
        guard vocabulary.model.identity != model.identity else { return }
        throw CLIPError(
            .modelMismatch,
            "The vocabulary was embedded with \(vocabulary.model.name), and the descriptions with \(model.name). Embed the "
                + "vocabulary with \(model.name)."
        )
    }

    private func attempt(
        _ scope: SelectionScope,
        _ nearest: [[Int]],
        _ embedder: RememberingEmbedder,
        falsePositives: [Int]
    ) async throws -> DescriptionSuggestions.Attempt? {
        let shortlist = Shortlist(phrases: vocabulary.phrases, nearest: nearest)
        let result = try await scope.select(
            shortlist,
            maximumChanges: maximumChanges,
            bootstrap: bootstrap,
            embedder: embedder
        )
        guard let gain = result.gain, let step = result.steps.prefix(gain.changes + 1).last, !step.changes.isEmpty
        else {
            return nil
        }
        return DescriptionSuggestions.Attempt(
            changes: step.changes,
            support: step.changes.map { result.heldOut.support(of: $0, among: gain.changes) },
            before: gain.before,
            after: gain.after,
            gain: gain.f1,
            explainedCount: try scope.explainedCount(falsePositives, by: step.changes, result.vectors)
        )
    }
}
