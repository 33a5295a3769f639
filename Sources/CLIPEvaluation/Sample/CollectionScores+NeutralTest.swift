package import CLIPCore

extension CollectionScores {
    /// Scores all images of a store; those match that pass the neutral test with a margin.
    ///
    /// - Parameters:
    ///   - store: Vectors of the classifier's model.
    ///   - classifier: Scores; its thresholds and margin do not matter.
    ///   - neutralMargin: How much closer an image must be to a category than to the neutral descriptions.
    /// - Throws: What ``init(_:classifier:)`` throws.
    package init(_ store: some EmbeddingReader, classifier: Classifier, neutralMargin: Float) throws {
        let names = classifier.limits.names
        let limits = DecisionLimits(
            names: names,
            thresholds: names.map { _ in -.infinity },
            neutralMargin: neutralMargin
        )
        try self.init(store, classifier: classifier) { try limits.decide(classifier.score($0)) }
    }
}
