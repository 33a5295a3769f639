internal import CLIPCore

extension DescriptionSuggester {
    /// The labels of which a category has too few, or why it has no descriptions; `nil` if gains can be measured.
    func shortage(of index: Int, in file: CategoryFile, _ images: LabelledEmbeddings) -> String? {
        guard !file.rule(of: file.categories[index]).learnsFromImages else {
            return "it learns from labelled images and has no descriptions"
        }
        return StratifiedFolds.shortage(images.truth(category: index), 2 * folds).map {
            "\($0) (at least \(2 * folds) are needed)"
        }
    }

    /// The scope of a selection that changes the descriptions of one category, or the neutral ones.
    func scope(
        _ file: CategoryFile,
        _ images: LabelledEmbeddings,
        changed: Int,
        measured: [Int],
        isNeutral: Bool
    ) throws -> SelectionScope {
        var competing = file.competing(withCategory: changed)
        if isNeutral { competing = (file.withoutLearningCategories(), 0) }
        let names = competing.file.categories.map(\.name)
        let targets = measured.map { index in
            TrialScorer.Target(
                category: names.firstIndex(of: file.categories[index].name) ?? 0,
                labels: images.truth(category: index)
            )
        }
        let partitions = try (0..<partitions).map { number in
            try StratifiedFolds(
                count: folds,
                labels: targets.map(\.labels),
                categories: measured.map { file.categories[$0].name },
                minimum: folds,
                seed: bootstrap.seed &+ UInt64(number)
            )
        }
        return SelectionScope(
            isNeutral: isNeutral,
            file: competing.file,
            changed: competing.index,
            targets: targets,
            imageWeights: ImageWeights(images, categories: measured),
            embeddings: images.embeddings,
            partitions: partitions
        )
    }
}
