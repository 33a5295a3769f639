public import CLIPCore

/// Measures what each part of a category's descriptions contributes: the figures with it less the figures without it.
///
/// Left out, one at a time, are each description, all negatives, all neutral descriptions and each template. Leaving
/// something out changes the scale of scores, so that no threshold suits both: F1 is measured at
/// thresholds of largest F1 that are fitted anew for each variant, by cross-validation, on images other than those
/// measured. The neutral margin is the file's. Average precision needs no threshold.
///
/// ```swift
/// let categories = try await Ablation().run(file, images: images, embedder: bundle.textEmbedder())
/// categories[0].effects[0].f1.value  // 0.031: this part adds 3.1 points of F1
/// ```
///
/// Intervals are those of a paired bootstrap: the same resampled images with and without the part, thresholds fitted
/// anew in each resample. Were the decisions of the cross-validation kept instead, the chance in the thresholds would be
/// left out, and one of seven effects that are none would seem clear; so it is one of twenty at most.
public struct Ablation: Sendable {
    private let folds: Int
    private let partitions: Int
    private let bootstrap: BootstrapOptions

    /// Creates an ablation.
    ///
    /// - Parameters:
    ///   - folds: Number of folds of a cross-validation, at least 2.
    ///   - partitions: How often the cross-validation is done, each time with other folds: its mean depends less on chance.
    ///   - bootstrap: Finds the standard errors, for which some hundred resamples are enough.
    public init(folds: Int = 5, partitions: Int = 4, bootstrap: BootstrapOptions = BootstrapOptions(resamples: 200)) {
        precondition(folds >= 2 && partitions >= 1 && bootstrap.resamples >= 2, "there is something to compare")
        self.folds = folds
        self.partitions = partitions
        self.bootstrap = bootstrap
    }

    /// Leaves out one part after the other.
    ///
    /// - Parameters:
    ///   - file: The categories.
    ///   - images: Labelled images for these categories.
    ///   - embedder: Embeds the descriptions, each once. Its model gives `softmax` and `sigmoid` their logit scale and bias.
    /// - Returns: One result for each category. A category with too few labels is skipped, with the reason.
    /// - Throws: What the embedder and `Classifier` throw.
    /// - Precondition: The images have labels for the categories of the file.
    public func run(
        _ file: CategoryFile,
        images: LabelledEmbeddings,
        embedder: some TextEmbedding
    ) async throws -> [AblatedCategory] {
        precondition(images.categories == file.categories.map(\.name), "the labels are for these categories")
        let embedder = RememberingEmbedder(embedder)
        var results = [AblatedCategory]()
        for (index, category) in file.categories.enumerated() {
            let labelled = images.subset((0..<images.count).filter { images.truth(image: $0, category: index) != nil })
            let labels = labelled.truth(category: index)
            let counts = (positives: labels.count { $0 == true }, negatives: labels.count { $0 == false })
            guard !file.rule(of: category).learnsFromImages else {
                let reason = "it learns from labelled images and has no descriptions"
                results.append(AblatedCategory(category.name, counts, skippedReason: reason))
                continue
            }
            guard min(counts.positives, counts.negatives) >= folds else {
                let reason = "it needs at least \(folds) positive and \(folds) negative labels"
                results.append(AblatedCategory(category.name, counts, skippedReason: reason))
                continue
            }
            let partitions = try partitions(labels, name: category.name)
            let parts = AblationPart.parts(of: category, in: file)
            let competing = file.competing(withCategory: index)
            var variants = [HeldOutFigures]()
            for variant in [competing.file]
                + parts.map({ $0.removed(fromCategory: competing.index, of: competing.file) })
            {
                let bank = try await PromptBank(variant, embedder: embedder)
                let scored = try Classifier(variant, bank: bank).score(labelled.embeddings)
                let evidence = stride(from: competing.index, to: scored.count, by: variant.categories.count)
                    .map { scored[$0] }
                variants.append(
                    HeldOutFigures(
                        ranked: RankedScores(evidence: evidence, labels: labels),
                        partitions: partitions,
                        neutralMargin: file.neutralMargin
                    )
                )
            }
            let figures = await figures(variants)
            results.append(AblatedCategory(category.name, counts, parts: parts, figures: figures))
        }
        return results
    }

    private func partitions(_ labels: [Bool?], name: String) throws -> [StratifiedFolds] {
        try (0..<partitions).map { number in
            try StratifiedFolds(
                count: folds,
                labels: [labels],
                categories: [name],
                minimum: folds,
                seed: bootstrap.seed &+ UInt64(number)
            )
        }
    }

    /// For each variant the figures of all images and of each resample, computed side by side.
    private func figures(_ variants: [HeldOutFigures]) async -> [[HeldOutFigures.Figures?]] {
        await withTaskGroup { group in
            for (index, variant) in variants.enumerated() {
                group.addTask { (index, variant.figures(bootstrap)) }
            }
            return await group.reduce(into: [[HeldOutFigures.Figures?]](repeating: [], count: variants.count)) {
                $0[$1.0] = $1.1
            }
        }
    }
}

extension AblatedCategory {
    fileprivate init(_ name: String, _ counts: (positives: Int, negatives: Int), skippedReason: String) {
        self.init(
            name: name,
            positives: counts.positives,
            negatives: counts.negatives,
            complete: nil,
            effects: [],
            skippedReason: skippedReason
        )
    }

    // First the figures with all parts, then those without each part.
    fileprivate init(
        _ name: String,
        _ counts: (positives: Int, negatives: Int),
        parts: [AblationPart],
        figures: [[HeldOutFigures.Figures?]]
    ) {
        func difference(
            _ without: [HeldOutFigures.Figures?],
            _ figure: (HeldOutFigures.Figures) -> Double
        ) -> MetricEstimate {
            let differences = zip(figures[0], without).map { with, without in
                with.flatMap { with in without.map { figure(with) - figure($0) } }
            }
            let resamples = differences.dropFirst().compactMap(\.self)
            return MetricEstimate(difference: differences[0] ?? 0, resamples: resamples)
        }
        self.init(
            name: name,
            positives: counts.positives,
            negatives: counts.negatives,
            complete: figures[0][0].map { ($0.f1, $0.averagePrecision) },
            effects: zip(parts, figures.dropFirst()).map { part, without in
                Effect(
                    part: part,
                    f1: difference(without, \.f1),
                    averagePrecision: difference(without, \.averagePrecision)
                )
            },
            skippedReason: nil
        )
    }
}

extension CategoryFile {
    /// The categories that have a part in the scores of one of them, and its position among those.
    fileprivate func competing(withCategory index: Int) -> (file: CategoryFile, index: Int) {
        let rule = rule(of: categories[index])
        let competitors = categories.indices.filter { other in
            other == index || rule.competes(with: self.rule(of: categories[other]))
        }
        var file = self
        file.categories = competitors.map { categories[$0] }
        return (file, competitors.firstIndex(of: index) ?? 0)
    }
}
