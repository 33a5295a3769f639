internal import CLIPCore

/// What one selection changes: the descriptions of one category, or the neutral ones.
struct SelectionScope: Sendable {
    /// The result of a selection.
    struct Result {
        /// The steps of the selection from all images.
        let steps: [GreedySelection.Step]
        /// The selections without one fold.
        let heldOut: HeldOutPaths
        /// What the latter gained; `nil` if none made a change.
        let gain: HeldOutGain?
        /// The vectors of all prompts.
        let vectors: [String: [Float]]
    }

    private let isNeutral: Bool
    private var scorer: TrialScorer
    /// Partitions of the images into folds.
    private let partitions: [StratifiedFolds]

    init(
        isNeutral: Bool,
        file: CategoryFile,
        changed: Int,
        targets: [TrialScorer.Target],
        imageWeights: ImageWeights,
        embeddings: EmbeddingMatrix,
        partitions: [StratifiedFolds]
    ) {
        self.isNeutral = isNeutral
        self.partitions = partitions
        scorer = TrialScorer(
            file: file,
            changed: changed,
            targets: targets,
            imageWeights: imageWeights,
            embeddings: embeddings
        )
    }

    /// Which images each selection sees: first all, then for each partition and fold those of the other folds.
    private var views: [[Bool]] {
        [[Bool](repeating: true, count: scorer.count)]
            + partitions.flatMap { folds in (0..<folds.count).map { fold in folds.assignment.map { $0 != fold } } }
    }

    /// Selects changes, once from all images and once without each fold, in parallel, and measures the gain.
    ///
    /// - Throws: What embedding and scoring throw.
    func select(
        _ shortlist: Shortlist,
        maximumChanges: Int,
        bootstrap: BootstrapOptions,
        embedder: RememberingEmbedder
    ) async throws -> Result {
        var scorer = scorer
        try await scorer.embed([], with: embedder)
        let start = try scorer.ranked(scorer.file)
        let weights = views.map(scorer.weights)
        let candidates = weights.map { shortlist.changes(scorer, start, weights: $0, isNeutral: isNeutral) }
        try await scorer.embed(candidates.flatMap(\.self), with: embedder)
        let selection = GreedySelection(scorer: scorer, maximumChanges: maximumChanges)
        let steps = try await withThrowingTaskGroup { group in
            for (index, (candidates, weights)) in zip(candidates, weights).enumerated() {
                group.addTask { (index, try selection.steps(candidates, from: start, weights: weights)) }
            }
            return try await group.reduce(into: [[GreedySelection.Step]](repeating: [], count: weights.count)) {
                $0[$1.0] = $1.1
            }
        }
        let heldOut = HeldOutPaths(
            steps: partitions.enumerated().map { number, folds in
                Array(steps[1 + number * folds.count..<1 + (number + 1) * folds.count])
            },
            partitions: partitions,
            margin: scorer.file.neutralMargin
        )
        return Result(
            steps: steps[0],
            heldOut: heldOut,
            gain: HeldOutGain(heldOut, scorer, bootstrap: bootstrap),
            vectors: scorer.vectors
        )
    }

    /// How many images are more similar to one of the added negatives than to the category's positive descriptions.
    func explainedCount(
        _ rows: [Int],
        by changes: [DescriptionChange],
        _ vectors: [String: [Float]]
    ) throws -> Int {
        let negatives = changes.filter { $0.action == .add && $0.role == .negative }.map(\.text)
        guard !rows.isEmpty, !negatives.isEmpty else { return 0 }
        var scorer = scorer
        scorer.vectors = vectors
        var file = scorer.file
        file.categories = [file.categories[scorer.changed]]
        file.categories[0].negative = negatives
        file.categories[0].rule = .strongestNegative
        let evidence = try scorer.evidence(file)
        return rows.count { evidence[$0].score < 0 }
    }
}
