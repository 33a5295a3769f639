internal import CLIPCore
internal import CLIPEvaluation

extension EvaluationText {
    /// Warnings of labels that are no random sample, and of a sample that was drawn for other decisions.
    static func warnings(_ evaluation: Evaluation, _ images: LabelledEmbeddings, _ biases: [LabelBias]) -> [String] {
        let biased = biases.map { bias in text(bias, evaluation.categories.first { $0.name == bias.category }?.figures)
        }
        let outdated = evaluation.categories.enumerated().compactMap { index, category in
            images.isDrawn(category: index) ? Self.outdated(category) : nil
        }
        return biased + outdated
    }

    private static func text(_ bias: LabelBias, _ figures: Evaluation.Figures?) -> String {
        let found =
            abs(bias.matchShare - bias.collectionMatchShare) > 0.1
            ? "\(percent(bias.matchShare)) of them match, and \(percent(bias.collectionMatchShare)) of all images do"
            : "\(percent(bias.nearShare)) of them are in the tenth of all images nearest to the threshold"
        let new = bias.reweighted
        let metrics = figures.map { figures in
            [
                ("precision", new.precision, figures.precision), ("recall", new.recall, figures.recall),
                ("F1", new.f1, figures.f1),
            ].map { "\($0) \(Text.fixed($1.value, digits: 2)) instead of \(Text.fixed($2.value, digits: 2))" }
        }
        let effect = metrics.map { " Weighted to the scores of all images: \($0.joined(separator: ", "))." } ?? ""
        return
            "the labels of '\(Text.printable(bias.category))' are no random sample of the store: \(found).\(effect) "
            + "Draw images to label with 'clip-cli sample'."
    }

    /// Labels that were drawn where other decisions were made.
    private static func outdated(_ category: Evaluation.Category) -> String? {
        let labels = category.counts.truePositives + category.counts.falsePositives
        guard labels == 0 || category.effectiveMatches < min(10, 0.5 * Double(labels)) else { return nil }
        return
            "of the images that match '\(Text.printable(category.name))', \(labels) are labelled and count as "
            + "\(Text.fixed(category.effectiveMatches, digits: 0)): the sample was drawn for other decisions. Draw a new one "
            + "with 'clip-cli sample'."
    }

    private static func percent(_ share: Double) -> String { "\(Text.fixed(100 * share, digits: 1)) %" }
}
