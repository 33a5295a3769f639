public import CLIPCore

extension ThresholdCalibration {
    /// Fits thresholds and margin to labelled images that a closure scores.
    ///
    /// - Parameters:
    ///   - images: The images and their labels.
    ///   - neutralMargin: The margin as before: one of those that are tried, and the one that stays when none is better.
    ///     `nil` when it was fitted, perhaps to these labels: it would have seen the images that are held out.
    ///   - score: Scores `images`, image by image. A rule that learns from labelled images may learn from `training` and from
    ///     no others; other rules ignore them.
    /// - Returns: Thresholds that reach the target, and what they do on images that were held out.
    /// - Throws: `CLIPError` with code `calibration` when a category has too few labels or cannot reach the target, with
    ///   its name; `invalidEmbeddings` when a score is not finite; what `score` throws.
    package func calibrate(
        _ images: LabelledEmbeddings,
        neutralMargin: Float?,
        score: (_ training: LabelledEmbeddings, _ images: LabelledEmbeddings) async throws -> [Evidence]
    ) async throws -> CalibrationResult {
        try await calibrate(
            categories: images.categories,
            ids: images.ids,
            truth: images.truth,
            neutralMargin: neutralMargin
        ) { try await score(images.subset($0), images.subset($1)) }
    }

    /// Fits thresholds and margin of a category file to labelled images, by the file's rules.
    ///
    /// Rules that learn from labelled images learn from these, always without the images that they score. A rule of one's own is
    /// `RuleChoice.custom` in the file.
    ///
    /// - Parameters:
    ///   - file: The categories. Their thresholds do not matter, nor which model they were made for; the margin is one of
    ///     those that are tried unless the file names a model, for then it may have been fitted to these labels.
    ///   - images: The images and their labels, for the same categories.
    ///   - embedder: Embeds the descriptions, each once, with the model that the images were embedded with.
    /// - Returns: Thresholds that reach the target, and what they do on images that were held out.
    /// - Throws: `CLIPError` with code `calibration` when a category has too few labels or cannot reach the target, with
    ///   its name; `invalidEmbeddings` when a score is not finite; what making a `PromptBank` and a `Classifier` throws.
    public func calibrate(
        _ file: CategoryFile,
        _ images: LabelledEmbeddings,
        embedder: some TextEmbedding
    ) async throws -> CalibrationResult {
        let margin = file.chosenMargin
        var file = file
        file.model = nil
        let learns = file.categories.contains { file.rule(of: $0).learnsFromImages }
        let embedder = RememberingEmbedder(embedder)
        func classifier(_ training: LabelledEmbeddings?) async throws -> Classifier {
            let bank = try await PromptBank(file, embedder: embedder, exemplars: training.map { Exemplars($0) })
            return try Classifier(file, bank: bank)
        }
        guard learns else {
            let classifier = try await classifier(nil)
            return try await calibrate(images, neutralMargin: margin) {
                try classifier.score($1.embeddings)
            }
        }
        return try await calibrate(images, neutralMargin: margin) { training, images in
            try await classifier(training).score(images.embeddings)
        }
    }
}

extension CategoryFile {
    /// The neutral margin if a person chose it; `nil` in a file that names a model, whose numbers were fitted.
    package var chosenMargin: Float? { model == nil ? neutralMargin : nil }
}
