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
    /// `ids.count × categories.count` values, image by image: the probability with which the image was drawn for the
    /// category, above 0 and at most 1; `nil` if it was not drawn with a known one.
    package let probabilities: [Double?]
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
    /// - Parameters:
    ///   - ids: The images' ids.
    ///   - embeddings: The images' unit vectors, in the same order.
    ///   - categories: Names of the categories.
    ///   - truth: Image by image, whether the image belongs to each category; `nil` if unknown.
    ///   - probabilities: Image by image, the probability with which the image was drawn for each category, above 0 and
    ///     at most 1; `nil` if it was not drawn with a known one. Empty if none was.
    /// - Precondition: There is one vector per id, and one value of `truth` and of `probabilities` per image and
    ///   category.
    public init(
        ids: [String],
        embeddings: EmbeddingMatrix,
        categories: [String],
        truth: [Bool?],
        probabilities: [Double?] = []
    ) {
        self.init(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: truth,
            probabilities: probabilities.isEmpty ? [Double?](repeating: nil, count: truth.count) : probabilities,
            provenance: nil,
            missingCount: 0
        )
    }

    init(
        ids: [String],
        embeddings: EmbeddingMatrix,
        categories: [String],
        truth: [Bool?],
        probabilities: [Double?],
        provenance: Provenance?,
        missingCount: Int
    ) {
        precondition(ids.count == embeddings.count, "every vector has an id")
        precondition(truth.count == ids.count * categories.count, "there is one truth for each image and category")
        precondition(probabilities.count == truth.count, "there is one probability for each image and category")
        precondition(
            probabilities.allSatisfy { $0.map { $0 > 0 && $0 <= 1 } ?? true },
            "a probability is above 0 and at most 1"
        )
        self.categories = categories
        self.ids = ids
        self.embeddings = embeddings
        self.truth = truth
        self.probabilities = probabilities
        self.provenance = provenance
        self.missingCount = missingCount
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

    /// The probability with which an image was drawn for a category, both given by position; `nil` if unknown.
    package func probability(image: Int, category: Int) -> Double? {
        probabilities[image * categories.count + category]
    }

    /// How many images of the collection each image stands for, the inverse of its probability; 1 without a probability.
    package func weights(category: Int) -> [Double] {
        (0..<count).map { probability(image: $0, category: category).map { 1 / $0 } ?? 1 }
    }

    /// Whether the labels of a category were drawn with known probabilities.
    package func isDrawn(category: Int) -> Bool {
        (0..<count).contains { probability(image: $0, category: category) != nil }
    }

    /// Returns the images without the labels that the categories' rules learned from.
    ///
    /// Decisions on training images are better than on others and prove nothing. An image that one category learned from
    /// is still new to the others.
    ///
    /// - Parameters:
    ///   - exemplars: The labels that the rules that learn from images learned from.
    ///   - file: The category file with the rules; its categories are those of the labels.
    /// - Returns: The same images, with `nil` for these labels.
    package func forgetting(_ exemplars: ImageLabels, of file: CategoryFile) -> LabelledEmbeddings {
        precondition(categories == file.categories.map(\.name), "the labels are for these categories")
        var truth = truth
        for (index, category) in file.categories.enumerated() where file.rule(of: category).learnsFromImages {
            for (image, id) in ids.enumerated() where exemplars.isMember(id: id, category: category.name) != nil {
                truth[image * categories.count + index] = nil
            }
        }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: truth,
            probabilities: probabilities,
            provenance: provenance,
            missingCount: missingCount
        )
    }

    /// Returns a subset of the images, in the given order, for example one fold of a cross-validation.
    package func subset(_ rows: some Sequence<Int>) -> LabelledEmbeddings {
        var ids = [String]()
        var chosen = EmbeddingMatrix(dimension: embeddings.dimension)
        var truth = [Bool?]()
        var probabilities = [Double?]()
        for row in rows {
            ids.append(self.ids[row])
            chosen.append(embeddings[row: row])
            let pairs = row * categories.count..<(row + 1) * categories.count
            truth += self.truth[pairs]
            probabilities += self.probabilities[pairs]
        }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: chosen,
            categories: categories,
            truth: truth,
            probabilities: probabilities,
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
