public import CLIPCore

/// Scores of unlabelled embedded images, and which of these images are background.
///
/// An image is *background* if its nearest set of descriptions is the neutral one: `image·neutral > image·positive` for
/// every category with a neutral test. Categories that learn from images have none. Background images are those that
/// the category file itself considers "any photo at all", so their scores show what a category gives to images of
/// nothing in particular. They are real images of the same collection, so no distribution of the scores is assumed,
/// unlike for a z-score, and each category is measured on its own scale, whatever its rule and its number of negatives.
public struct BackgroundScores: Sendable {
    /// The identity of the model that embedded the images.
    private let modelIdentity: String
    /// The categories' names.
    package let categories: [String]
    /// The scores of each category, one per image.
    package private(set) var scores: [[Float]]
    /// The positive minus the neutral similarity, for each category and image; infinite without a neutral test.
    package private(set) var gaps: [[Float]]
    /// Whether each image is background.
    package private(set) var isBackground: [Bool] = []

    /// Creates an empty collection.
    package init(modelIdentity: String, categories: [String]) {
        self.modelIdentity = modelIdentity
        self.categories = categories
        scores = categories.map { _ in [] }
        gaps = scores
    }

    /// Adds a block of images.
    ///
    /// - Parameters:
    ///   - evidence: The evidence by the rules of the category file, image by image.
    ///   - similarities: The evidence by a rule with a neutral similarity, such as `ContrastRule`, image by image.
    ///   - ids: The images' ids, for messages.
    /// - Throws: `CLIPError` with code `invalidEmbeddings` if a score, or a part of it, is not finite.
    package mutating func append(_ evidence: [Evidence], similarities: [Evidence], ids: [String]) throws {
        let count = categories.count
        precondition(evidence.count == ids.count * count, "there is one item for each image and category")
        precondition(similarities.count == evidence.count, "there is one item for each image and category")
        for (index, item) in evidence.enumerated() {
            guard item.isFinite else {
                throw CLIPError.notFinite(id: ids[index / count], category: categories[index % count])
            }
            scores[index % count].append(item.score)
            gaps[index % count].append(item.neutral.map { item.positive - $0 } ?? .infinity)
        }
        for image in ids.indices {
            let isNearNeutral = similarities[image * count..<(image + 1) * count].compactMap { item in
                item.neutral.map { $0 > item.positive }
            }
            isBackground.append(!isNearNeutral.isEmpty && isNearNeutral.allSatisfy(\.self))
        }
    }

    /// Sets the threshold of each category so that a fraction `quantile` of the background images stays below it.
    ///
    /// Each threshold is the smallest `t`, midway between two scores of background images, with `|{background: score ≥
    /// t}| ≤ (1 − quantile) · |background|`.
    ///
    /// - Returns: The thresholds. There are no labels, so there are no metrics and no margin: a category file keeps its
    ///   own.
    /// - Throws: `CLIPError` with code `calibration` if there are fewer than `1 / (1 − quantile)` background images, so
    ///   that not even one is expected above the threshold, or if more than `1 − quantile` of them have the highest score
    ///   of all images, so that none could match.
    public func calibrate(quantile: Double) throws -> CalibrationResult {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        let rows = isBackground.indices.filter { isBackground[$0] }
        // A quantile such as 0.99 has no exact binary representation: 100 · (1 − 0.99) is slightly more than 1.
        let above = Int((Double(rows.count) * (1 - quantile) + 1e-9).rounded(.down))
        guard above >= 1 else {
            let needed = Int((1 / (1 - quantile) - 1e-6).rounded(.up))
            let smaller = Self.largestQuantile(count: rows.count).map { "Use background-quantile=\($0) or less, embed" }
            throw CLIPError(
                .calibration,
                "Only \(rows.count) of \(isBackground.count) images are background images (more similar to the neutral "
                    + "descriptions than to any category), but background-quantile=\(quantile) needs at least "
                    + "\(needed). \(smaller ?? "Embed") more images, improve the neutral descriptions, or label images."
            )
        }
        let thresholds = try zip(categories, scores).map { category, scores in
            let sorted = rows.map { scores[$0] }.sorted(by: >)
            // Equal scores match together or not at all.
            let below = sorted[min(above, sorted.count - 1)]
            guard let next = sorted[..<above].last(where: { $0 > below }) ?? scores.filter({ $0 > below }).min() else {
                throw CLIPError(
                    .calibration,
                    "\(sorted.count { $0 == below }) background images have the highest score that any image has for "
                        + "category '\(category)', \(below), so no image would match. Choose a smaller quantile, or a rule "
                        + "whose scores differ: a smaller logit_scale, or contrast."
                )
            }
            return RankedScores.middle(below, next)
        }
        return CalibrationResult(
            modelIdentity: modelIdentity,
            unlabelled: zip(categories, thresholds).map { (name: $0, threshold: $1) }
        )
    }

    /// The largest quantile, rounded down, for which `count` background images are enough; `nil` if none is.
    private static func largestQuantile(count: Int) -> Double? {
        guard count > 1 else { return nil }
        var scale = 10
        while scale <= count { scale *= 10 }
        return Double((count - 1) * scale / count) / Double(scale)
    }

    /// The number of matching images per category.
    package func matchCounts(thresholds: [Float], neutralMargin: Float) -> [Int] {
        precondition(thresholds.count == categories.count, "every category has a threshold")
        return thresholds.indices.map { category in
            zip(scores[category], gaps[category]).count { $0 >= thresholds[category] && $1 >= neutralMargin }
        }
    }
}

extension BackgroundScores {
    /// Scores all images of a store.
    ///
    /// Keeps 8 bytes per image and category.
    ///
    /// - Parameters:
    ///   - store: The images.
    ///   - classifier: Scores by the rules of the category file.
    /// - Throws: `CLIPError` with code `modelMismatch` if the store was created with another model than the classifier's
    ///   bank; `calibration` if the category file has no neutral descriptions, or no category with a neutral test; what
    ///   reading the store and scoring throw.
    public init(_ store: some EmbeddingReader, classifier: Classifier) throws {
        if let model = classifier.bank.model { try store.provenance.requireModel(model, store: store.name) }
        guard classifier.bank.layout.neutral != nil else {
            throw CLIPError(
                .calibration,
                "A background quantile needs neutral descriptions, and the category file has none. Add 'neutral', for "
                    + "example [\"a photo.\"], or label images."
            )
        }
        guard classifier.bank.layout.categories.contains(where: { $0.neutral != nil }) else {
            throw CLIPError(
                .calibration,
                "A background quantile needs a category with descriptions, and every category here learns from labelled "
                    + "images. Calibrate with labels."
            )
        }
        self.init(
            modelIdentity: store.provenance.modelIdentity,
            categories: classifier.bank.layout.categories.map(\.name)
        )
        try store.forEachBlock(rows: 4096) { block in
            let prompts = classifier.rule.usesPromptVectors
            let cosines = try classifier.similarities(block.embeddings, includingPrompts: prompts)
            try append(classifier.score(cosines), similarities: ContrastRule().score(cosines), ids: block.ids)
        }
    }
}
