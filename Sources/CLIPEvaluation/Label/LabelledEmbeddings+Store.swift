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
        var embeddings = EmbeddingMatrix(dimension: store.provenance.dimension)
        var search = try LabelledImageSearch(labels, categories: categories, collection: store.name)
        try store.forEachBlock(rows: 4096) { block in
            for (row, id) in block.ids.enumerated() where try search.isJudged(id) {
                embeddings.append(block.embeddings[row: row])
            }
        }
        try self.init(search, embeddings: embeddings, provenance: store.provenance, missingImages)
    }

    /// Labels images that were found in a collection without their vectors, since decisions on them are known.
    ///
    /// - Parameters:
    ///   - search: Has been asked about all images of the collection.
    ///   - provenance: How the vectors were made.
    ///   - missingImages: What to do with labels of images that are not in the collection.
    /// - Throws: `CLIPError` with code `invalidLabels` if labels name images that are not in the collection, or if only some
    ///   labels of a category have a probability.
    package init(
        foundBy search: LabelledImageSearch,
        provenance: Provenance,
        missingImages: MissingImages = .refused
    ) throws {
        try self.init(
            search,
            embeddings: EmbeddingMatrix(dimension: provenance.dimension),
            provenance: provenance,
            missingImages
        )
    }

    private init(
        _ search: LabelledImageSearch,
        embeddings: EmbeddingMatrix,
        provenance: Provenance,
        _ missingImages: MissingImages
    ) throws {
        let (labels, categories, ids) = (search.labels, search.categories, search.ids)
        let missing = search.missing
        if missingImages == .refused || ids.isEmpty, let failure = search.failure(missing: missing) { throw failure }
        let drawn = categories.map { labels.drawn(ids + search.openIDs, category: $0) }
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
            provenance: provenance,
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
}
