package import CLIPCore

/// Fits the thresholds of the categories and their common neutral margin to labelled images.
///
/// Thresholds are fitted on all labels. The reported metrics are those of these thresholds on these labels, less their
/// optimism, which comes from cross-validation: the images are divided into stratified folds, and the complete fitting
/// procedure, including the choice of the margin, runs without one fold and then decides on that fold. The metrics of the
/// fits exceed those of the pooled held-out decisions by the optimism. The division into folds is repeated unless a rule
/// learns from images. Labels that were drawn with known probabilities are weighted.
///
/// ```swift
/// let calibration = ThresholdCalibration(target: .precision(0.95))
/// let result = try await calibration.calibrate(file, images, embedder: bundle.textEmbedder())
/// result.categories[0].threshold  // 0.07
/// ```
///
/// With a confidence, thresholds are not those that reach the target on the labels, but those that reach it in the
/// collection with that confidence (Learn then Test: Angelopoulos et al., 2021). The margin is then kept.
public struct ThresholdCalibration: Sendable {
    package let target: CalibrationTarget
    let folds: Int
    let bootstrap: BootstrapOptions
    let confidence: Double?

    /// The number of positive and of negative images that a category needs: two of each per fold.
    package var minimumLabels: Int { 2 * folds }

    /// How often images are divided into folds, unless a rule has to learn from the images of each fold.
    private static let partitions = 4

    /// Creates a calibration.
    ///
    /// - Parameters:
    ///   - target: The goal of the fit; not ``CalibrationTarget/quantile(_:)``, which needs no labels.
    ///   - folds: Number of cross-validation folds, at least 3: choosing a margin needs two of them.
    ///   - bootstrap: The bootstrap for the confidence intervals; its seed also determines the folds.
    ///   - confidence: The probability, above 0 and below 1, with which each threshold reaches the target in the
    ///     collection, for a target of precision or recall below 1; `nil` for thresholds that reach it on the labels.
    ///     Labels that ``CollectionScores/biases(of:seed:)`` finds make the promise void.
    public init(
        target: CalibrationTarget,
        folds: Int = 5,
        bootstrap: BootstrapOptions = BootstrapOptions(),
        confidence: Double? = nil
    ) {
        if case .quantile = target { preconditionFailure("a quantile needs no labels") }
        precondition(folds >= 3, "choosing a margin needs at least two training folds")
        precondition(confidence == nil || target.canBePromised, "only precision or recall below 1 can be promised")
        precondition(confidence.map { $0 > 0 && $0 < 1 } ?? true, "a confidence lies between 0 and 1")
        self.target = target
        self.folds = folds
        self.bootstrap = bootstrap
        self.confidence = confidence
    }

    /// Fits thresholds and margin.
    ///
    /// - Parameters:
    ///   - modelIdentity: The identity of the model that embedded the images.
    ///   - labels: The labels.
    ///   - neutralMargin: The current margin, which is one of the candidates and is kept if none is better, and always
    ///     with a confidence. Without one, pass `nil` if it may have been fitted to these labels, because held-out images
    ///     would then have influenced it.
    ///   - learns: Whether a rule learns from `training`.
    ///   - collection: The scores of the collection, in which the images match that pass the neutral test with a margin; not
    ///     with a rule that learns from `training`. With it, the thresholds of categories whose labels were drawn are
    ///     fitted to the collection; otherwise, to weighted labels, without intervals.
    ///   - score: Scores the images at `rows`: `rows.count × categories.count` items, image by image. A rule that
    ///     learns from labelled images may learn only from those at `training`; other rules ignore it.
    /// - Returns: Thresholds that reach the target, and their metrics on other images. Categories with fewer than
    ///   ``minimumLabels`` positive or negative labels are skipped.
    /// - Throws: `CLIPError` with code `calibration` if every category has too few labels, or naming a category that
    ///   cannot reach the target; `invalidEmbeddings` if a score is not finite; what `score` and `collection`
    ///   throw.
    package func calibrate(
        modelIdentity: String,
        labels: LabelColumns,
        neutralMargin: Float?,
        learns: Bool,
        collection: CollectionAtMargin? = nil,
        score: (_ training: [Int], _ rows: [Int]) async throws -> [Evidence]
    ) async throws -> CalibrationResult {
        if let confidence {
            precondition(!learns, "a promise needs scores that do not depend on the labels")
            let evidence = try await score([], Array(labels.ids.indices))
            let margin = neutralMargin ?? 0
            let isAnyDrawn = labels.categories.indices.contains(where: labels.isDrawn)
            return try promised(
                confidence,
                modelIdentity,
                labels,
                evidence,
                margin: margin,
                collection: isAnyDrawn ? try await collection?(margin) : nil
            )
        }
        var skipped = labels.skipped(minimum: minimumLabels)
        if !skipped.isEmpty, !learns {
            let evidence = try await score([], Array(labels.ids.indices))
            for index in skipped.indices { skipped[index].advise(labels, evidence, minimum: minimumLabels) }
        }
        // If every category would be skipped, all are kept, so that the folds report what is missing.
        let isAnyLeft = skipped.count < labels.categories.count
        let chosen = labels.categories.indices.filter { category in
            !isAnyLeft || !skipped.contains { $0.name == labels.categories[category] }
        }
        let chosenLabels = labels.of(chosen)
        func scoreChosen(_ training: [Int], _ rows: [Int]) async throws -> [Evidence] {
            let width = labels.categories.count
            let evidence = try await score(training, rows)
            precondition(evidence.count == rows.count * width, "there is one item for each image and category")
            return rows.indices.flatMap { row in chosen.map { evidence[row * width + $0] } }
        }
        var optimism = Optimism(categoryCount: chosen.count, foldCount: folds)
        let weights = chosenLabels.weights.all
        var first: (fit: CalibrationFit, evidence: [Evidence])?
        let needsOptimism = collection == nil || !chosen.allSatisfy { labels.isDrawn(category: $0) }
        for number in 0..<(learns || !needsOptimism ? 1 : Self.partitions) {
            let folds = try StratifiedFolds(
                count: folds,
                labels: chosenLabels.truth,
                categories: chosenLabels.categories,
                minimum: minimumLabels,
                seed: bootstrap.seed &+ UInt64(number)
            )
            func fit(_ evidence: [Evidence]) -> CalibrationFit {
                CalibrationFit(
                    evidence: evidence,
                    labels: chosenLabels.truth,
                    target: target,
                    folds: folds,
                    currentMargin: neutralMargin
                )
            }
            let scoring = OutOfFoldScoring(folds: folds, categories: chosenLabels.categories, ids: chosenLabels.ids)
            let evidence: [Evidence]
            if let known = first?.evidence {
                evidence = known
            } else {
                evidence = try await scoring.evidence(scoreChosen)
            }
            for part in 0..<(needsOptimism ? folds.count : 0) {
                let training =
                    learns ? try await scoring.evidence(without: part, known: evidence, scoreChosen) : evidence
                optimism.add(fit(training), without: part, weights: weights)
            }
            if first == nil { first = (fit(evidence), evidence) }
        }
        guard let first else { preconditionFailure("there is at least one division into folds") }
        return try await CalibrationReport(
            fit: first.fit,
            modelIdentity: modelIdentity,
            labels: chosenLabels,
            evidence: first.evidence,
            optimism: optimism,
            collection: collection
        ).result(bootstrap, skipped: skipped)
    }
}
