public import CLIPCore

extension ThresholdCalibration {
    /// Fits thresholds and margin to labelled images that a closure scores.
    ///
    /// - Parameters:
    ///   - images: The images and their labels.
    ///   - modelIdentity: The identity of the model that embedded the images.
    ///   - neutralMargin: The current margin, which is one of the candidates and is kept if none is better. Pass `nil`
    ///     if it may have been fitted to these labels, because held-out images would then have influenced it.
    ///   - learns: Whether a rule learns from `training`.
    ///   - collection: The scores of the collection, for categories whose labels were drawn.
    ///   - score: Scores `images`, image by image. A rule that learns from labelled images may learn only from
    ///     `training`; other rules ignore it.
    /// - Returns: Thresholds that reach the target, and their metrics on held-out images.
    /// - Throws: `CLIPError` with code `calibration` that names a category with too few labels or one that cannot reach
    ///   the target; `invalidEmbeddings` if a score is not finite; what `score` throws.
    package func calibrate(
        _ images: LabelledEmbeddings,
        modelIdentity: String,
        neutralMargin: Float?,
        learns: Bool,
        collection: CollectionAtMargin? = nil,
        score: (_ training: LabelledEmbeddings, _ images: LabelledEmbeddings) async throws -> [Evidence]
    ) async throws -> CalibrationResult {
        try await calibrate(
            modelIdentity: modelIdentity,
            labels: LabelColumns(images),
            neutralMargin: neutralMargin,
            learns: learns,
            collection: collection
        ) { try await score(images.subset($0), images.subset($1)) }
    }

    /// Fits thresholds and margin to labelled images by the rules of a category file.
    ///
    /// Rules that learn from labelled images learn from these, always without the images that they score. Use
    /// `RuleChoice.custom` in the file for your own rule.
    ///
    /// - Parameters:
    ///   - file: The categories. Their thresholds and the model they were made for do not matter. The margin is one of
    ///     the candidates unless the file names a model, because it may then have been fitted to these labels.
    ///   - images: The images and their labels, for the same categories.
    ///   - store: The collection, to which the thresholds of labels that were drawn with known probabilities are fitted;
    ///     without it, or if a rule learns from the labels, they are fitted to weighted labels, without intervals.
    ///   - embedder: Embeds each prompt once, with the model that the images were embedded with.
    /// - Returns: Thresholds that reach the target, and their metrics on held-out images, or over the collection for labels
    ///   that were drawn.
    /// - Throws: `CLIPError` with code `calibration` that names a category with too few labels or one that cannot reach
    ///   the target, or if a confidence is wanted and a rule learns from these labels; `modelMismatch` if the images were
    ///   read from a store of another model; `invalidEmbeddings` if a score is not finite; what creating a `PromptBank` and
    ///   a `Classifier` throws.
    public func calibrate(
        _ file: CategoryFile,
        _ images: LabelledEmbeddings,
        store: (any EmbeddingReader)? = nil,
        embedder: some TextEmbedding
    ) async throws -> CalibrationResult {
        try images.requireModel(embedder.model)
        let identity = embedder.model.identity
        let margin = confidence == nil ? file.chosenMargin : file.neutralMargin
        var file = file
        file.model = nil
        let learns = file.categories.contains { file.rule(of: $0).learnsFromImages }
        let embedder = RememberingEmbedder(embedder)
        func classifier(_ training: LabelledEmbeddings?) async throws -> Classifier {
            let share = training.map { Double($0.count) / Double(images.count) } ?? 1
            let file = file.learning(fromShare: share)
            let bank = try await PromptBank(file, embedder: embedder, exemplars: training.map { Exemplars($0) })
            return try Classifier(file, bank: bank)
        }
        guard learns else {
            let classifier = try await classifier(nil)
            return try await calibrate(
                images,
                modelIdentity: identity,
                neutralMargin: margin,
                learns: false,
                collection: store.map { store in
                    { try CollectionScores(store, classifier: classifier, neutralMargin: $0) }
                }
            ) { try classifier.score($1.embeddings) }
        }
        guard confidence == nil else {
            throw CLIPError(
                .calibration,
                "A confidence cannot be given where a rule learns from the same labels. Let it learn from other labels "
                    + "(--exemplars)."
            )
        }
        return try await calibrate(images, modelIdentity: identity, neutralMargin: margin, learns: true) {
            training,
            images in
            try await classifier(training).score(images.embeddings)
        }
    }
}

extension CategoryFile {
    /// The file for rules that learn from a share of the images from which they will learn in the end.
    ///
    /// The regularization of a linear probe weighs against a sum over the images: from fewer images and with the same
    /// regularization, its probabilities would be nearer to one half, and the thresholds fitted to them too low.
    fileprivate func learning(fromShare share: Double) -> CategoryFile {
        func scaled(_ rule: RuleChoice) -> RuleChoice {
            guard case .linearProbe(let regularization) = rule else { return rule }
            return .linearProbe(regularization: regularization * share)
        }
        var file = self
        file.rule = scaled(rule)
        for index in file.categories.indices { file.categories[index].rule = file.categories[index].rule.map(scaled) }
        return file
    }

    /// The neutral margin if it was set by hand; `nil` in a file that names a model, whose numbers were fitted.
    package var chosenMargin: Float? { model == nil ? neutralMargin : nil }
}
