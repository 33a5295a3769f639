internal import CLIPCore

extension LabelledEmbeddings {
    /// The thresholds of largest F1 of some categories of a file, given by position, by name.
    func bestThresholds(
        _ file: CategoryFile,
        categories: Set<Int>,
        embedder: RememberingEmbedder
    ) async throws -> [String: Float] {
        guard !categories.isEmpty else { return [:] }
        let scored = file.withoutLearningCategories()
        let evidence = try await Classifier(scored, embedder: embedder).score(embeddings)
        let width = scored.categories.count
        let weights = ImageWeights(self, categories: Array(self.categories.indices))
        let thresholds: [(String, Float)] = categories.compactMap { index in
            let name = file.categories[index].name
            guard let column = scored.categories.firstIndex(where: { $0.name == name }) else { return nil }
            let ranked = RankedScores(
                evidence: stride(from: column, to: evidence.count, by: width).lazy.map { evidence[$0] },
                labels: truth(category: index)
            )
            return ranked.fit(.f1, margin: file.neutralMargin, weights: weights.all[index]).threshold.map { (name, $0) }
        }
        return Dictionary(uniqueKeysWithValues: thresholds)
    }
}
