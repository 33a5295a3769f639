internal import CLIPCore
internal import CLIPEvaluation

extension EvaluationText {
    /// Warnings of labels that are no random sample, and of a sample that was drawn for other decisions.
    static func warnings(
        _ evaluated: CollectionEvaluation,
        _ images: LabelledEmbeddings,
        in collection: CollectionScores,
        seed: UInt64
    ) -> [String] {
        let biases = collection.biases(of: images, seed: seed)
        let biased = biases.map { bias in
            text(bias, evaluated.evaluation.categories.first { $0.name == bias.category }?.metrics)
        }
        return biased + evaluated.outdated.flatMap(outdated)
    }

    /// Warning of labels that are no random sample; `metrics` are those of the labels as they are.
    static func text(_ bias: LabelBias, _ metrics: Evaluation.Metrics? = nil) -> String {
        let found =
            abs(bias.matchShare - bias.collectionMatchShare) > 0.1
            ? "\(percent(bias.matchShare)) of them match, and \(percent(bias.collectionMatchShare)) of all images do"
            : "\(percent(bias.nearShare)) of them are in the tenth of all images nearest to the threshold, and of a random "
                + "sample, 10 % would be"
        let new = bias.reweighted
        let texts = metrics.map { metrics in
            [
                ("precision", new.precision, metrics.precision), ("recall", new.recall, metrics.recall),
                ("F1", new.f1, metrics.f1),
            ].map { "\($0) \(Text.fixed($1.value, digits: 2)) instead of \(Text.fixed($2.value, digits: 2))" }
        }
        let effect = texts.map { " Weighted to the scores of all images: \($0.joined(separator: ", "))." } ?? ""
        return
            "the labels of '\(Text.printable(bias.category))' are not a random sample of the store: \(found).\(effect) "
            + "Draw images to label with 'clip-cli sample'."
    }

    /// Labels that were drawn where other decisions were made, or from fewer images.
    private static func outdated(_ sample: OutdatedSample) -> [String] {
        let name = Text.printable(sample.category)
        var texts = [String]()
        if sample.isForOtherDecisions, sample.matches == 0 {
            texts.append("no image that matches '\(name)' is labelled. Draw a new sample with 'clip-cli sample'.")
        } else if sample.isForOtherDecisions {
            texts.append(
                "of the images that match '\(name)', \(sample.matches) are labelled, but weighting leaves an effective number of "
                    + "\(Text.fixed(sample.effectiveMatches, digits: 0)): the sample was drawn for other decisions. Draw a new one "
                    + "with 'clip-cli sample'."
            )
        }
        if let former = sample.formerCount {
            texts.append(
                "the labelled images of '\(name)' stand for about \(Text.count(former, "image")), and the store has more now. If "
                    + "it grew since they were drawn, nothing is known of the new images: draw a new sample with 'clip-cli sample'."
            )
        }
        return texts
    }

    private static func percent(_ share: Double) -> String { "\(Text.fixed(100 * share, digits: 1)) %" }
}
