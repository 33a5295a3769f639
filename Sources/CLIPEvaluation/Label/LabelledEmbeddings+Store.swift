public import CLIPCore

extension LabelledEmbeddings {
    /// Reads the vectors of labelled images from a store.
    ///
    /// Reads the store once, block by block; memory grows only with the number of labelled images. Images without a
    /// single answer, yes or no, are left out. The weight of those that were drawn goes to others that were drawn with the
    /// same probability; ``unanswered(category:)`` counts them.
    ///
    /// - Parameters:
    ///   - labels: The labels.
    ///   - categories: Names of the categories, as in the category file.
    ///   - store: The store with the images.
    ///   - missingImages: What to do with labels of images that are not in the store.
    /// - Throws: `CLIPError` with code `invalidLabels` if labels name an unknown category or images that are not in
    ///   the store, if there is no answer, or if only some labels of a category have a probability; `invalidEmbeddings` if
    ///   the store has two vectors for an image or a vector that is not of unit length; what the store throws.
    public init(
        _ labels: ImageLabels,
        categories: [String],
        store: some EmbeddingReader,
        missingImages: MissingImages = .refused
    ) throws {
        try labels.requireCategories(among: categories)
        let judged = try labels.judgedIDs()
        var ids = [String]()
        var embeddings = EmbeddingMatrix(dimension: store.provenance.dimension)
        var openIDs = [String]()
        var found = ImageIDSet()
        var otherID: String?
        try store.forEachBlock(rows: 4096) { block in
            for (row, id) in block.ids.enumerated() {
                guard labels.contains(id: id) else {
                    otherID = otherID ?? id
                    continue
                }
                guard found.insert(id) else {
                    throw CLIPError(.invalidEmbeddings, "\(store.name): there are two vectors for image '\(id)'.")
                }
                guard labels.isJudged(id: id) else {
                    openIDs.append(id)
                    continue
                }
                ids.append(id)
                embeddings.append(block.embeddings[row: row])
            }
        }
        let missing = judged.filter { !found.contains($0) }
        guard missing.isEmpty || missingImages == .leftOut && !ids.isEmpty else {
            let heldID = ids.first ?? openIDs.first ?? otherID
            throw labels.missing(missing, of: judged.count, store: store.name, heldID: heldID)
        }
        let drawn = categories.map { labels.drawn(ids + openIDs, category: $0) }
        let adjusted = drawn.map(\.answerProbabilities)
        self.init(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: ids.flatMap { id in categories.map { labels.isMember(id: id, category: $0) } },
            probabilities: ids.flatMap { id in
                zip(categories, adjusted).map { category, adjusted in
                    labels.probability(id: id, category: category).map { adjusted[$0] ?? $0 }
                }
            },
            unanswered: drawn.map(\.unanswered),
            provenance: store.provenance,
            missingCount: missing.count
        )
        try requireProbabilities(name: labels.name)
    }
}

extension LabelledEmbeddings {
    /// Labels with and without a probability cannot be weighted together: an image that belongs to no category at all is
    /// labelled for each of them.
    fileprivate func requireProbabilities(name: String) throws {
        for (index, category) in categories.enumerated()
        where isDrawn(category: index) && !hasAllProbabilities(category: index) {
            throw CLIPError(
                .invalidLabels,
                "\(name): some labels of category '\(category)' have a probability, and some images that belong to no "
                    + "category, or to others only, have none. Keep the labels of a drawn sample in a separate file."
            )
        }
    }
}

extension ImageLabels {
    /// The rows of some images for a category.
    fileprivate func drawn(_ ids: [String], category: String) -> DrawnLabels {
        ids.reduce(into: DrawnLabels()) { drawn, id in
            guard let row = judgement(id: id, category: category) else { return }
            drawn.add(row.answer, probability: row.probability)
        }
    }

    /// Throws if labels name a category that the category file does not have.
    fileprivate func requireCategories(among known: [String]) throws {
        guard let unknown = categories.first(where: { !known.contains($0) }) else { return }
        let near = Spelling.nearest(to: unknown, among: known).map { " Did you mean '\($0)'?" } ?? ""
        throw CLIPError(
            .invalidLabels,
            "\(name): there is no category '\(unknown)' in the category file.\(near) It has "
                + "\(known.map { "'\($0)'" }.joined(separator: ", "))."
        )
    }

    /// The images with at least one answer; throws if there is none.
    fileprivate func judgedIDs() throws -> [String] {
        let judged = ids.filter(isJudged)
        guard !judged.isEmpty else {
            throw CLIPError(
                .invalidLabels,
                "\(name): no image is labelled yet. Write 1 or 0 in the column 'label'."
            )
        }
        return judged
    }

    fileprivate func missing(_ missing: [String], of count: Int, store: String, heldID: String?) -> CLIPError {
        let shown = missing.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        let more = missing.count > 3 ? " and \(missing.count - 3) more" : ""
        let example = heldID.map { " Ids in it look like '\($0)'." } ?? ""
        let isOne = missing.count == 1
        let advice =
            isOne
            ? "Correct the id, embed this image, or skip its labels"
            : "Correct the ids, embed these images, or skip their labels"
        return CLIPError(
            .invalidLabels,
            "\(name): \(missing.count) of \(count) labelled images \(isOne ? "is" : "are") not in the store "
                + "\(store): \(shown)\(more).\(example) \(advice) (--skip-missing)."
        )
    }
}
