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
    /// The images' unit vectors, in the same order; none if the images were found among decisions.
    public let embeddings: EmbeddingMatrix
    /// `ids.count × categories.count` values, image by image: whether the image belongs to the category; `nil` if
    /// unknown.
    package let truth: [Bool?]
    /// `ids.count × categories.count` values, image by image: the probability with which the image was drawn for the
    /// category and got an answer, above 0 and at most 1; `nil` if it was not drawn with a known one.
    package let probabilities: [Double?]
    /// For each category, the rows of its labels that have no answer.
    package let unanswered: [Unanswered]
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
    ///   - probabilities: Image by image, the probability with which the image was drawn for each category, from 10⁻¹²
    ///     to 1; `nil` if it was not drawn with a known one. Empty if none was. The weight of an image with a
    ///     probability and without a truth goes to others that were drawn with the same probability.
    /// - Precondition: There is one vector per id, and one value of `truth` and of `probabilities` per image and
    ///   category. All labels of a category have a probability, or none has.
    public init(
        ids: [String],
        embeddings: EmbeddingMatrix,
        categories: [String],
        truth: [Bool?],
        probabilities: [Double?] = []
    ) {
        precondition(
            probabilities.isEmpty || probabilities.count == truth.count,
            "there is one probability for each image and category"
        )
        var drawn = categories.map { _ in DrawnLabels() }
        for (index, probability) in probabilities.enumerated() {
            guard let probability else { continue }
            precondition(
                ImageLabels.Judgement.probabilities.contains(probability),
                "a probability is at least 1e-12 and at most 1"
            )
            let answer: ImageLabels.Judgement.Answer = truth[index].map { $0 ? .member : .nonMember } ?? .missing
            drawn[index % categories.count].add(answer, probability: probability)
        }
        let adjusted = drawn.map(\.answerProbabilities)
        self.init(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: truth,
            probabilities: truth.indices.map { index in
                guard !probabilities.isEmpty, let probability = probabilities[index] else { return nil }
                return adjusted[index % categories.count][probability] ?? probability
            },
            unanswered: drawn.map(\.unanswered),
            provenance: nil,
            missingCount: 0
        )
        for category in categories.indices where isDrawn(category: category) {
            precondition(
                hasAllProbabilities(category: category),
                "all labels of a category have a probability, or none"
            )
        }
    }

    init(
        ids: [String],
        embeddings: EmbeddingMatrix,
        categories: [String],
        truth: [Bool?],
        probabilities: [Double?],
        unanswered: [Unanswered],
        provenance: Provenance?,
        missingCount: Int
    ) {
        precondition(embeddings.count == ids.count || embeddings.count == 0, "every vector has an id")
        precondition(truth.count == ids.count * categories.count, "there is one truth for each image and category")
        precondition(probabilities.count == truth.count, "there is one probability for each image and category")
        self.categories = categories
        self.ids = ids
        self.embeddings = embeddings
        self.truth = truth
        self.probabilities = probabilities
        self.unanswered = unanswered
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

    /// The rows of a category's labels, given by position, that have no answer.
    public func unanswered(category: Int) -> Unanswered { unanswered[category] }

    /// The probability with which an image was drawn for a category and got an answer, both given by position; `nil` if
    /// unknown.
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

    /// Whether each label of a category has a probability.
    func hasAllProbabilities(category: Int) -> Bool {
        (0..<count).allSatisfy {
            truth(image: $0, category: category) == nil || probability(image: $0, category: category) != nil
        }
    }

    /// Checks that the vectors, if they were read from a store, belong to a model.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch` that names both models.
    func requireModel(_ model: ModelDescription) throws {
        try provenance?.requireModel(model, store: "The store of the labelled images")
    }
}
