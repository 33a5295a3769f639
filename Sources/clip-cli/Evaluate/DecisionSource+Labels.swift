internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPReport

extension DecisionSource {
    /// The labelled images, without their vectors, the decisions on them, and those on all images.
    ///
    /// - Throws: `CLIPError` when labels and images do not fit, when there is no image, or one occurs twice; what reading and
    ///   classifying throw.
    func labelled(
        _ labels: ImageLabels,
        _ file: CategoryFile,
        missingImages: LabelledEmbeddings.MissingImages
    ) throws -> (images: LabelledEmbeddings, decisions: Decisions, collection: CollectionScores) {
        let categories = file.categories.map(\.name)
        var search = try LabelledImageSearch(labels, categories: categories, collection: name)
        var (evidence, outcomes) = ([Evidence](), [Outcome]())
        let collection = try CollectionScores(categories: categories, name: name) { append in
            try forEachBlock {
                (ids: $0, decisions: $1)
            } body: { block in
                for (image, id) in block.ids.enumerated() where try search.isJudged(id) {
                    let pairs = image * categories.count..<(image + 1) * categories.count
                    evidence += block.decisions.evidence[pairs]
                    outcomes += block.decisions.outcomes[pairs]
                }
                try append(block.ids, block.decisions)
            }
        }
        return (
            try LabelledEmbeddings(foundBy: search, provenance: provenance, missingImages: missingImages),
            Decisions(categories: categories, evidence: evidence, outcomes: outcomes),
            collection
        )
    }
}
