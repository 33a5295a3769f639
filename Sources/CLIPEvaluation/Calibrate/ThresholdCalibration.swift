package import CLIPCore

/// Fits each category's threshold, and the neutral margin that all share, to labelled images.
///
/// What is reported comes from cross-validation: the images are divided into parts (stratified folds), the whole
/// fitting procedure, choice of the margin included, runs without one part, and decides on that part. The decisions of
/// all parts together give precision, recall and F1. The thresholds themselves are then fitted on all labels.
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

    /// How many positive and how many negative images a category needs: two of each in every part.
    package var minimumLabels: Int { 2 * folds }

    /// Creates a calibration.
    ///
    /// - Parameters:
    ///   - target: What thresholds are fitted for; not ``CalibrationTarget/quantile(_:)``, which needs no labels.
    ///   - folds: Number of folds of the cross-validation, at least 3: choosing a margin takes two of them.
    ///   - bootstrap: Finds the intervals; its seed also divides the images.
    public init(target: CalibrationTarget, folds: Int = 5, bootstrap: BootstrapOptions = BootstrapOptions()) {
        if case .quantile = target { preconditionFailure("a quantile needs no labels") }
        precondition(folds >= 3, "choosing a margin within the training folds needs two of them at least")
        self.target = target
        self.folds = folds
        self.bootstrap = bootstrap
    }

    /// Fits thresholds and margin.
    ///
    /// - Parameters:
    ///   - categories: The categories' names.
    ///   - ids: The images' ids, for messages.
    ///   - truth: `ids.count × categories.count` values, image by image: whether the image belongs to the category; `nil`
    ///     where that is not known.
    ///   - neutralMargin: The margin as before: one of those that are tried, and the one that stays when none is better.
    ///     `nil` when it was fitted, perhaps to these labels: it would have seen the images that are held out.
    ///   - score: Scores the images at `rows`: `rows.count × categories.count` items, image by image. A rule that learns
    ///     from labelled images may learn from those at `training` and from no others; other rules ignore them.
    /// - Returns: Thresholds that reach the target, and how good they are on held-out images. Categories with fewer than
    ///   ``minimumLabels`` positive or negative labels are skipped.
    /// - Throws: `CLIPError` with code `calibration` when every category has too few labels, or when one cannot reach the
    ///   target, with its name; `invalidEmbeddings` when a score is not finite; what `score` throws.
    package func calibrate(
        categories: [String],
        ids: [String],
        truth: [Bool?],
        neutralMargin: Float?,
        score: (_ training: [Int], _ rows: [Int]) async throws -> [Evidence]
    ) async throws -> CalibrationResult {
        precondition(truth.count == ids.count * categories.count, "there is one truth for each image and category")
        let all = categories.indices.map { category in
            ids.indices.map { truth[$0 * categories.count + category] }
        }
        let shortages = all.map { StratifiedFolds.shortage($0, minimumLabels) }
        let skipped = zip(categories, shortages).compactMap { name, reason in
            reason.map { CalibrationResult.Skipped(name: name, reason: $0) }
        }
        // When no category is left, all are kept, and the folds say what is missing.
        let isAnyLeft = skipped.count < categories.count
        let chosen = categories.indices.filter { !isAnyLeft || shortages[$0] == nil }
        let width = categories.count
        let labels = chosen.map { all[$0] }
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
            let weights = folds.assignment.map { $0 == part ? 0 : 1 }
            let fitted = heldOut.fit(weights: weights)
            for (category, ranked) in heldOut.ranked.enumerated() {
                guard let threshold = fitted.thresholds[category].threshold else { continue }
                for item in ranked.items where weights[item.row] == 0 {
                    matches[category][item.row] = item.score >= threshold && item.gap >= fitted.margin
                }
            }
        }
        let scores = categories.indices.map { category in
            ids.indices.map { evidence[$0 * categories.count + category].score }
        }
        return try CalibrationReport(fit: fit(evidence), categories: categories, scores: scores, matches: matches)
            .result(bootstrap, skipped: skipped)
    }
}

/// Has images scored by models that did not see them.
private struct OutOfFoldScoring {
    typealias Score = (_ training: [Int], _ rows: [Int]) async throws -> [Evidence]

    let folds: StratifiedFolds
    let categories: [String]
    let ids: [String]

    /// Evidence for each image and category, image by image, from the images of the other parts.
    func evidence(_ score: Score) async throws -> [Evidence] {
        try await filled(parts: Array(0..<folds.count), without: nil, known: nil, score)
    }

    /// The same with models that saw nothing of `part`; its own images are scored as in `known`.
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
                        "The score of '\(ids[row])' for category '\(categories[category])' is not a finite "
                            + "number, or a part of it is not."
                    )
                }
                evidence[row * categories.count + category] = item
            }
        }
        return evidence
    }
}
