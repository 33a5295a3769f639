public import CLIPCore

/// Labelled images with their vectors.
///
/// Thresholds are fitted to them, and decisions are evaluated on them.
///
/// ```swift
/// let images = try LabelledEmbeddings(labels, categories: file.categories.map(\.name), store: store)
/// let evidence = try classifier.score(images.embeddings)
/// ```
public struct LabelledEmbeddings: Sendable, Equatable {
    /// What to do with labels of images that are not in a store.
    public enum MissingImages: Sendable, Hashable {
        /// Throw an error.
        case refused
        /// Skip them.
        case leftOut
    }

    /// Names of the categories.
    public let categories: [String]
    /// The images' ids, in store order.
    public let ids: [String]
    /// The images' unit vectors, in the same order.
    public let embeddings: EmbeddingMatrix
    /// `ids.count × categories.count` values, image by image: whether the image belongs to the category; `nil` if
    /// unknown.
    package let truth: [Bool?]
    /// The origin of the vectors; `nil` if they were not read from a store.
    package let provenance: Provenance?
    /// The number of skipped images that were labelled but are not in the store.
    package let missingCount: Int

    /// Number of images.
    package var count: Int { ids.count }

    /// Creates a set of images from their vectors and labels.
    ///
    /// The model of the vectors is unknown, so only their dimension is checked where they are used.
    ///
    /// - Precondition: There is one vector per id, and one value of `truth` per image and category.
    public init(ids: [String], embeddings: EmbeddingMatrix, categories: [String], truth: [Bool?]) {
        self.init(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: truth,
            provenance: nil,
            missingCount: 0
        )
    }

    private init(
        ids: [String],
        embeddings: EmbeddingMatrix,
        categories: [String],
        truth: [Bool?],
        provenance: Provenance?,
        missingCount: Int
    ) {
        precondition(ids.count == embeddings.count, "every vector has an id")
        precondition(truth.count == ids.count * categories.count, "there is one truth for each image and category")
        self.categories = categories
        self.ids = ids
        self.embeddings = embeddings
        self.truth = truth
        self.provenance = provenance
        self.missingCount = missingCount
    }

    /// Reads the vectors of labelled images from a store.
    ///
    /// Reads the store once, block by block; memory grows only with the number of labelled images.
    ///
    /// - Parameters:
    ///   - labels: The labels.
    ///   - categories: Names of the categories, as in the category file.
    ///   - store: The store with the images.
    ///   - missingImages: What to do with labels of images that are not in the store.
    /// - Throws: `CLIPError` with code `invalidLabels` if labels name an unknown category, or images that are not in
    ///   the store; `invalidEmbeddings` if the store has two vectors for an image or a vector that is not of unit
    ///   length; what the store throws.
    public init(
        _ labels: ImageLabels,
        categories: [String],
        store: some EmbeddingReader,
        missingImages: MissingImages = .refused
    ) throws {
        try labels.requireCategories(among: categories)
        var ids = [String]()
        var embeddings = EmbeddingMatrix(dimension: store.provenance.dimension)
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
                ids.append(id)
                embeddings.append(block.embeddings[row: row])
            }
        }
        let missing = labels.ids.filter { !found.contains($0) }
        guard missing.isEmpty || missingImages == .leftOut && !ids.isEmpty else {
            throw labels.missing(missing, store: store.name, heldID: ids.first ?? otherID)
        }
        self.init(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: ids.flatMap { id in categories.map { labels.isMember(id: id, category: $0) } },
            provenance: store.provenance,
            missingCount: missing.count
        )
    }

    /// Whether an image belongs to a category, both given by position; `nil` if unknown.
    public func truth(image: Int, category: Int) -> Bool? {
        precondition(image >= 0 && image < count, "there is no such image")
        precondition(category >= 0 && category < categories.count, "there is no such category")
        return truth[image * categories.count + category]
    }

    /// Whether each image belongs to a category, given by position; `nil` if unknown.
    package func truth(category: Int) -> [Bool?] {
        (0..<count).map { truth(image: $0, category: category) }
    }

    /// Returns the images without the labels that the categories' rules learned from.
    ///
    /// Decisions on training images are better than on others and prove nothing.
    ///
    /// - Parameters:
    ///   - ids: The training images of the rules that learn from images.
    ///   - file: The category file with the rules; its categories are those of the labels.
    /// - Returns: The same images, with `nil` for these labels.
    package func forgetting(_ ids: ImageIDSet, of file: CategoryFile) -> LabelledEmbeddings {
        precondition(categories == file.categories.map(\.name), "the labels are for these categories")
        let learns = file.categories.map { file.rule(of: $0).learnsFromImages }
        var truth = truth
        for (image, id) in self.ids.enumerated() where ids.contains(id) {
            for category in categories.indices where learns[category] {
                truth[image * categories.count + category] = nil
            }
        }
        return LabelledEmbeddings(
            ids: self.ids,
            embeddings: embeddings,
            categories: categories,
            truth: truth,
            provenance: provenance,
            missingCount: missingCount
        )
    }

    /// Returns a subset of the images, in the given order, for example one fold of a cross-validation.
    package func subset(_ rows: some Sequence<Int>) -> LabelledEmbeddings {
        var ids = [String]()
        var chosen = EmbeddingMatrix(dimension: embeddings.dimension)
        var truth = [Bool?]()
        for row in rows {
            ids.append(self.ids[row])
            chosen.append(embeddings[row: row])
            truth += self.truth[row * categories.count..<(row + 1) * categories.count]
        }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: chosen,
            categories: categories,
            truth: truth,
            provenance: provenance,
            missingCount: 0
        )
    }

    /// Checks that the vectors, if they were read from a store, belong to a model.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that names both models.
    func requireModel(_ model: ModelDescription) throws {
        try provenance?.requireModel(model, store: "The store of the labelled images")
    }
}

extension ImageLabels {
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

    fileprivate func missing(_ missing: [String], store: String, heldID: String?) -> CLIPError {
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
            "\(name): \(missing.count) of \(ids.count) labelled images \(isOne ? "is" : "are") not in the store "
                + "\(store): \(shown)\(more).\(example) \(advice) (--skip-missing)."
        )
    }
}
