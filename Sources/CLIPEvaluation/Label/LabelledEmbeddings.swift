public import CLIPCore

/// Labelled images with their vectors, and for each image and category whether it belongs there.
///
/// What thresholds are fitted to and decisions are measured by.
///
/// ```swift
/// let images = try LabelledEmbeddings(labels, categories: file.categories.map(\.name), store: store)
/// let evidence = try classifier.score(images.embeddings)
/// ```
public struct LabelledEmbeddings: Sendable, Equatable {
    /// What to do with labels of images that a store does not hold.
    public enum MissingImages: Sendable, Hashable {
        /// They are an error.
        case refused
        /// They are left out.
        case leftOut
    }

    /// Names of the categories.
    public let categories: [String]
    /// The images' ids, in the order of the store.
    public let ids: [String]
    /// Their unit vectors, in the same order.
    public let embeddings: EmbeddingMatrix
    /// `ids.count × categories.count` values, image by image: whether the image belongs to the category; `nil` when that is
    /// not known.
    package let truth: [Bool?]
    /// Labelled images that the store does not hold and that were left out.
    package let missingCount: Int

    /// Number of images.
    package var count: Int { ids.count }

    /// Joins images and what is known about them.
    ///
    /// - Precondition: There is one vector an id, and one truth for each image and category.
    public init(ids: [String], embeddings: EmbeddingMatrix, categories: [String], truth: [Bool?]) {
        self.init(ids: ids, embeddings: embeddings, categories: categories, truth: truth, missingCount: 0)
    }

    private init(
        ids: [String],
        embeddings: EmbeddingMatrix,
        categories: [String],
        truth: [Bool?],
        missingCount: Int
    ) {
        precondition(ids.count == embeddings.count, "every vector has an id")
        precondition(truth.count == ids.count * categories.count, "there is one truth for each image and category")
        self.categories = categories
        self.ids = ids
        self.embeddings = embeddings
        self.truth = truth
        self.missingCount = missingCount
    }

    /// Reads the vectors of labelled images from a store.
    ///
    /// The store is read through once, block by block; memory grows with the number of labelled images alone.
    ///
    /// - Parameters:
    ///   - labels: The judgements.
    ///   - categories: Names of the categories, as in the category file.
    ///   - store: Holds the images.
    ///   - missingImages: What to do with labels of images that the store does not hold.
    /// - Throws: `CLIPError` with code `invalidLabels` when labels name a category that there is not, or images that the
    ///   store does not hold; `invalidEmbeddings` when the store has two vectors for an image or one that is not of unit
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
            missingCount: missing.count
        )
    }

    /// Whether an image belongs to a category, both given by their positions; `nil` when that is not known.
    public func truth(image: Int, category: Int) -> Bool? {
        precondition(image >= 0 && image < count, "there is no such image")
        precondition(category >= 0 && category < categories.count, "there is no such category")
        return truth[image * categories.count + category]
    }

    /// For each image whether it belongs to a category, given by its position; `nil` where that is not known.
    package func truth(category: Int) -> [Bool?] {
        (0..<count).map { truth(image: $0, category: category) }
    }

    /// The same images without what is known of some of them for categories whose rule learned from these.
    ///
    /// Decisions on images that a rule learned from are better than on others, and tell nothing.
    ///
    /// - Parameters:
    ///   - ids: The images that rules learned from.
    ///   - file: Says which rules these are; its categories are those of the labels.
    /// - Returns: The images, with less truth.
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
            missingCount: missingCount
        )
    }

    /// Some of the images, in the order asked for, for example those of one fold of a cross-validation.
    package func subset(_ rows: some Sequence<Int>) -> LabelledEmbeddings {
        var ids = [String]()
        var chosen = EmbeddingMatrix(dimension: embeddings.dimension)
        var truth = [Bool?]()
        for row in rows {
            ids.append(self.ids[row])
            chosen.append(embeddings[row: row])
            truth += self.truth[row * categories.count..<(row + 1) * categories.count]
        }
        return LabelledEmbeddings(ids: ids, embeddings: chosen, categories: categories, truth: truth)
    }
}

extension ImageLabels {
    /// Refuses categories that a category file does not have.
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
        return CLIPError(
            .invalidLabels,
            "\(name): \(missing.count) of \(ids.count) labelled images are not in \(store): \(shown)\(more)."
                + "\(example) Correct the ids, embed these images, or skip their labels (--skip-missing)."
        )
    }
}
