package import CLIPCore

/// Fits the thresholds of the categories and their common neutral margin to labelled images.
///
/// The reported metrics come from cross-validation. The images are divided into stratified folds. The complete fitting
/// procedure, including the choice of the margin, runs without one fold and then decides on that fold. Precision,
/// recall and F1 are computed from the pooled decisions of all folds. The final thresholds are then fitted on all
/// labels.
///
/// ```swift
/// let calibration = ThresholdCalibration(target: .precision(0.95))
/// let result = try await calibration.calibrate(file, images, embedder: bundle.textEmbedder())
/// result.categories[0].threshold  // 0.07
/// ```
public struct ThresholdCalibration: Sendable {
    package let target: CalibrationTarget
    private let folds: Int
    private let bootstrap: BootstrapOptions

    /// The number of positive and of negative images that a category needs: two of each per fold.
    package var minimumLabels: Int { 2 * folds }

    /// Creates a calibration.
    ///
    /// - Parameters:
    ///   - target: The goal of the fit; not ``CalibrationTarget/quantile(_:)``, which needs no labels.
    ///   - folds: Number of cross-validation folds, at least 3: choosing a margin needs two of them.
    ///   - bootstrap: The bootstrap for the confidence intervals; its seed also determines the folds.
    public init(target: CalibrationTarget, folds: Int = 5, bootstrap: BootstrapOptions = BootstrapOptions()) {
        if case .quantile = target { preconditionFailure("a quantile needs no labels") }
        precondition(folds >= 3, "choosing a margin needs at least two training folds")
        self.target = target
        self.folds = folds
        self.bootstrap = bootstrap
    }

    /// Fits thresholds and margin.
    ///
    /// - Parameters:
    ///   - modelIdentity: The identity of the model that embedded the images.
    ///   - categories: The categories' names.
    ///   - ids: The images' ids, for messages.
    ///   - truth: `ids.count × categories.count` values, image by image: whether the image belongs to the category;
    ///     `nil` if unknown.
    ///   - probabilities: As many values: the probability with which the image was drawn for the category; `nil` if it
    ///     was not drawn with a known one.
    ///   - neutralMargin: The current margin, which is one of the candidates and is kept if none is better. Pass `nil`
    ///     if it may have been fitted to these labels, because held-out images would then have influenced it.
    ///   - score: Scores the images at `rows`: `rows.count × categories.count` items, image by image. A rule that
    ///     learns from labelled images may learn only from those at `training`; other rules ignore it.
    /// - Returns: Thresholds that reach the target, and their metrics on held-out images. Categories with fewer than
    ///   ``minimumLabels`` positive or negative labels are skipped.
    /// - Throws: `CLIPError` with code `calibration` if every category has too few labels, or naming a category that
    ///   cannot reach the target; `invalidEmbeddings` if a score is not finite; what `score` throws.
    package func calibrate(
        modelIdentity: String,
        categories: [String],
        ids: [String],
        truth: [Bool?],
        probabilities: [Double?],
        neutralMargin: Float?,
        score: (_ training: [Int], _ rows: [Int]) async throws -> [Evidence]
    ) async throws -> CalibrationResult {
        precondition(truth.count == ids.count * categories.count, "there is one truth for each image and category")
        precondition(probabilities.count == truth.count, "there is one probability for each image and category")
        func column<Value>(_ values: [Value], _ category: Int) -> [Value] {
            ids.indices.map { values[$0 * categories.count + category] }
        }
        let all = categories.indices.map { column(truth, $0) }
        let shortages = all.map { StratifiedFolds.shortage($0, minimumLabels) }
        let skipped = categories.indices.compactMap { category in
            shortages[category].map {
                CalibrationResult.Skipped(
                    name: categories[category],
                    reason: "\($0) (at least \(minimumLabels) are needed)",
                    isUnlabelled: !StratifiedFolds.hasAny(all[category])
                )
            }
        }
        // If every category would be skipped, all are kept, so that the folds report what is missing.
        let isAnyLeft = skipped.count < categories.count
        let chosen = categories.indices.filter { !isAnyLeft || shortages[$0] == nil }
        let width = categories.count
        let labels = chosen.map { all[$0] }
        let weights = ImageWeights(
            imageCount: ids.count,
            samples: chosen.map { DrawnSample(probabilities: column(probabilities, $0), labels: all[$0]) }
        )
        let categories = chosen.map { categories[$0] }
        func scoreChosen(_ training: [Int], _ rows: [Int]) async throws -> [Evidence] {
            let evidence = try await score(training, rows)
            precondition(evidence.count == rows.count * width, "there is one item for each image and category")
            return rows.indices.flatMap { row in chosen.map { evidence[row * width + $0] } }
        }
        let folds = try StratifiedFolds(
            count: folds,
            labels: labels,
            categories: categories,
            minimum: minimumLabels,
            seed: bootstrap.seed
        )
        func fit(_ evidence: [Evidence]) -> CalibrationFit {
            CalibrationFit(
                evidence: evidence,
                labels: labels,
                target: target,
                folds: folds,
                currentMargin: neutralMargin
            )
        }
        let scoring = OutOfFoldScoring(folds: folds, categories: categories, ids: ids)
        let evidence = try await scoring.evidence(scoreChosen)
        var matches = [[Bool]](repeating: [Bool](repeating: false, count: ids.count), count: categories.count)
        for part in 0..<folds.count {
            let heldOut = try await fit(scoring.evidence(without: part, known: evidence, scoreChosen))
            let fitted = heldOut.fit(weights: weights.all.map { folds.without(part, $0) })
            for (category, ranked) in heldOut.ranked.enumerated() {
                guard let threshold = fitted.thresholds[category].threshold else { continue }
                for item in ranked.items where folds.assignment[item.row] == part {
                    matches[category][item.row] = item.score >= threshold && item.gap >= fitted.margin
                }
            }
        }
        let scores = categories.indices.map { category in
            ids.indices.map { evidence[$0 * categories.count + category].score }
        }
        return try CalibrationReport(
            fit: fit(evidence),
            weights: weights,
            modelIdentity: modelIdentity,
            categories: categories,
            scores: scores,
            matches: matches
        ).result(bootstrap, skipped: skipped)
    }
}

/// Scores each image with rules that did not learn from it.
private struct OutOfFoldScoring {
    typealias Score = (_ training: [Int], _ rows: [Int]) async throws -> [Evidence]

    let folds: StratifiedFolds
    let categories: [String]
    let ids: [String]

    /// The evidence for each image and category, image by image, learned from the other folds.
    func evidence(_ score: Score) async throws -> [Evidence] {
        try await filled(parts: Array(0..<folds.count), without: nil, known: nil, score)
    }

    /// The same, learned without images of `part`; the images of `part` keep their scores in `known`.
    func evidence(without part: Int, known: [Evidence], _ score: Score) async throws -> [Evidence] {
        try await filled(parts: (0..<folds.count).filter { $0 != part }, without: part, known: known, score)
    }

    private func filled(
        parts: [Int],
        without excluded: Int?,
        known: [Evidence]?,
        _ score: Score
    ) async throws -> [Evidence] {
        let empty = Evidence(score: 0, positive: 0)
        var evidence = known ?? [Evidence](repeating: empty, count: ids.count * categories.count)
        for part in parts {
            let rows = ids.indices.filter { folds.assignment[$0] == part }
            let training = ids.indices.filter { folds.assignment[$0] != part && folds.assignment[$0] != excluded }
            let scored = try await score(training, rows)
            precondition(scored.count == rows.count * categories.count, "there is one item for each image and category")
            for (index, item) in scored.enumerated() {
                let row = rows[index / categories.count]
                let category = index % categories.count
                guard item.isFinite else {
                    throw CLIPError(
                        .invalidEmbeddings,
                        "The score of '\(ids[row])' for category '\(categories[category])', or one of its "
                            + "components, is not finite."
                    )
                }
                evidence[row * categories.count + category] = item
            }
        }
        return evidence
    }
}
