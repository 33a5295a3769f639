package import CLIPCore

/// Scores of some images, and decisions if made: rows of a result file.
package struct ResultBlock: Sendable, Hashable {
    /// The images' ids.
    package let ids: [String]
    /// The evidence for each image and category, image by image.
    package let evidence: [Evidence]
    /// The outcome for each image and category, if decisions were made.
    package let outcomes: [Outcome]?
    /// The nearest positive prompt for each image and category, if determined: its position in
    /// ``ResultSchema/Category/prompts``.
    package let bestPrompts: [Int32]?

    /// Number of categories.
    package var categoryCount: Int { ids.isEmpty ? 0 : evidence.count / ids.count }

    /// Creates a block from ids and scores.
    ///
    /// - Precondition: Each image has the same number of items in each list.
    package init(ids: [String], evidence: [Evidence], outcomes: [Outcome]? = nil, bestPrompts: [Int32]? = nil) {
        precondition(ids.isEmpty ? evidence.isEmpty : evidence.count.isMultiple(of: ids.count), "rows have one length")
        precondition(outcomes.map { $0.count == evidence.count } ?? true, "every item of evidence has an outcome")
        precondition(bestPrompts.map { $0.count == evidence.count } ?? true, "every item of evidence has a prompt")
        self.ids = ids
        self.evidence = evidence
        self.outcomes = outcomes
        self.bestPrompts = bestPrompts
    }

    /// Creates a block from ids and decisions.
    ///
    /// - Precondition: There is one id per image.
    package init(ids: [String], decisions: Decisions) {
        precondition(ids.count == decisions.count, "every image has an id")
        self.init(ids: ids, evidence: decisions.evidence, outcomes: decisions.outcomes)
    }

    /// Creates a block from decisions, using their ids.
    ///
    /// - Precondition: The schema's classifier made the decisions, with ids.
    package init(_ decisions: Decisions, in schema: ResultSchema) {
        precondition(decisions.basis == schema.basis, "decisions are written with the classifier that made them")
        precondition(decisions.hasIDs, "decisions are written with ids: classify the images with theirs")
        self.init(ids: decisions.map(\.id), decisions: decisions)
    }

    /// Throws if the evidence is not finite, because not every format can store it.
    ///
    /// - Throws: `CLIPError` with code `invalidEmbeddings` that names the image and the category.
    package func requireFinite(_ schema: ResultSchema) throws {
        guard let index = evidence.firstIndex(where: { !$0.isFinite }) else { return }
        let (image, category) = index.quotientAndRemainder(dividingBy: categoryCount)
        throw CLIPError(
            .invalidEmbeddings,
            "The score of '\(ids[image])' for category '\(schema.categories[category].name)', or a part of it, is not a finite "
                + "number. Check the image's vector with 'store verify', and the rule if it is your own."
        )
    }

    /// Positions of the matching categories of an image, if decisions were made.
    package func matches(image: Int) -> [Int] {
        guard let outcomes else { return [] }
        let start = image * categoryCount
        return (0..<categoryCount).filter { outcomes[start + $0] == .match }
    }
}
