internal import CLIPCore

/// Draws the images whose labels tell most about a measure, with known probabilities.
///
/// ```swift
/// let scores = try CollectionScores(store, classifier: classifier)
/// let first = try LabelSampler(measure: .f1).draw(100, from: scores)
/// try first.write(to: "to-label.csv")
/// ```
///
/// A program that asks for the labels itself needs no file:
///
/// ```swift
/// var judgements = first.judgements
/// for index in judgements.indices { judgements[index].answer = ask(judgements[index].id, judgements[index].category) }
/// let second = try LabelSampler(measure: .f1).draw(100, from: scores, earlier: ImageLabels(judgements))
/// ```
///
/// A category's images are divided into strata by decision and score. The images of a stratum are equally likely to be
/// drawn, and none is never drawn. The number drawn from a stratum follows from its size and from how uncertain its rate
/// of positive images is, by what is known of it: from the labels of earlier rounds, or from experience with other
/// collections in the first. Several rounds need fewer labels than one.
public struct LabelSampler: Sendable {
    /// The measure whose interval is to be narrow.
    package let measure: SampledMeasure
    /// The seed of the images' random numbers.
    package let seed: UInt64

    /// Creates a sampler.
    ///
    /// - Parameters:
    ///   - measure: The measure whose interval is to be narrow; the others are estimated too.
    ///   - seed: The same seed draws the same images. Keep it for later rounds.
    public init(measure: SampledMeasure = .f1, seed: UInt64 = 0) {
        self.measure = measure
        self.seed = seed
    }

    /// Draws images for each category.
    ///
    /// - Parameters:
    ///   - count: Number of images to draw for each category, or all that are left if there are fewer. At least one is
    ///     drawn from each stratum, of which there are about ten, so the first round draws about ten at least.
    ///   - scores: The whole collection.
    ///   - earlier: The labels of earlier rounds, whose images are not drawn again.
    /// - Returns: The rows of earlier rounds and the new ones. For a category that no image matches, images are drawn for
    ///   its prevalence, because labels cannot change the other measures.
    /// - Throws: `CLIPError` with code `invalidLabels` if earlier labels have no probability, or are of another image or
    ///   category.
    public func draw(_ count: Int, from scores: CollectionScores, earlier: ImageLabels? = nil) throws -> LabelSample {
        precondition(count >= 0, "there cannot be fewer than no images")
        let placed = try earlier.map { try earlierRows(of: $0, in: scores) } ?? scores.categories.map { _ in [] }
        let round = (placed.joined().map(\.round).max() ?? 0) + 1
        let numbers = scores.ids.map { PermanentRandomNumber.number(of: $0, seed: seed) }
        let order = RadixOrder.positions(byRising: numbers)
        let drawn = scores.inParallel { category in
            CategoryDraw(
                scores,
                category: category,
                earlier: placed[category],
                order: order,
                sampler: self
            ).draw(count, round: round)
        }.compactMap(\.self)
        // The numbers by which images were drawn would put those of strata drawn completely at the end.
        let rows = drawn.flatMap(\.rows).map { placed in
            (order: PermanentRandomNumber.number(of: placed.drawn.id, seed: ~seed), placed: placed)
        }.sorted { one, other in
            (one.order, one.placed.row, one.placed.drawn.category)
                < (other.order, other.placed.row, other.placed.drawn.category)
        }.map(\.placed)
        return LabelSample(categories: drawn.map(\.category), rows: rows.map(\.drawn), round: round)
    }

    /// The rows of earlier rounds, for each category.
    private func earlierRows(of labels: ImageLabels, in scores: CollectionScores) throws -> [[EarlierRow]] {
        if let unknown = labels.categories.first(where: { !scores.categories.contains($0) }) {
            throw CLIPError(
                .invalidLabels,
                "\(labels.name): category '\(unknown)' is not in the category file. Remove its rows, or add the category."
            )
        }
        let rows = scores.rowOfImage(labels.ids)
        return try scores.categories.map { category in
            try zip(labels.ids, rows).compactMap { id, row in
                guard let judgement = labels.judgement(id: id, category: category) else { return nil }
                guard let row else {
                    throw CLIPError(
                        .invalidLabels,
                        "\(labels.name): image '\(id)' is not in the store. Draw from the store that the labels were drawn "
                            + "from, or remove its rows."
                    )
                }
                guard let probability = judgement.probability else {
                    throw CLIPError(
                        .invalidLabels,
                        "\(labels.name): the label of '\(id)' for category '\(category)' has no probability, so the image "
                            + "was not drawn by 'sample'. Start with a new sample, without these labels."
                    )
                }
                return EarlierRow(
                    row: row,
                    answer: judgement.answer,
                    probability: probability,
                    round: judgement.round ?? 1
                )
            }
        }
    }
}

/// A row of an earlier round.
struct EarlierRow {
    let row: Int
    let answer: ImageLabels.Judgement.Answer
    let probability: Double
    let round: Int
}
