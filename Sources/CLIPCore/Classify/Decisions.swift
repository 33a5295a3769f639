/// The decisions for images and all categories of a file: a collection with one element per image.
///
/// ```swift
/// for image in try await classifier.classify(store) {
///     print(image.id, image.matches.map(\.name), image["dog"].score)
/// }
/// ```
public struct Decisions: Sendable, Hashable {
    /// The categories' names, in file order.
    public let categories: [String]
    /// `count × categories.count` items, in row-major order.
    package let evidence: [Evidence]
    /// `count × categories.count` outcomes, in row-major order.
    package let outcomes: [Outcome]
    /// What a classifier made the decisions from; `nil` for decisions that were read or made by hand.
    package let basis: DecisionBasis?
    private let ids: [String]?

    /// Whether the images were classified with their ids.
    package var hasIDs: Bool { ids != nil }

    /// Combines evidence and outcomes.
    ///
    /// - Parameters:
    ///   - ids: The images' ids; `nil` uses their indices.
    ///   - categories: The categories' names, at least one.
    ///   - evidence: One item per image and category, in row-major order.
    ///   - outcomes: One per item of evidence.
    ///   - basis: What a classifier made the decisions from.
    /// - Precondition: The counts match.
    package init(
        ids: [String]? = nil,
        categories: [String],
        evidence: [Evidence],
        outcomes: [Outcome],
        basis: DecisionBasis? = nil
    ) {
        precondition(evidence.count.isMultiple(of: categories.count), "the evidence does not fill whole rows")
        precondition(outcomes.count == evidence.count, "each item of evidence must have an outcome")
        precondition(ids.map { $0.count * categories.count == evidence.count } ?? true, "each image must have an id")
        self.ids = ids
        self.basis = basis
        self.categories = categories
        self.evidence = evidence
        self.outcomes = outcomes
    }

    /// The evidence at an image index and a category index.
    package func evidence(image: Int, category: Int) -> Evidence {
        evidence[position(image, category)]
    }

    /// The outcome at an image index and a category index.
    package func outcome(image: Int, category: Int) -> Outcome {
        outcomes[position(image, category)]
    }

    /// Indices of the categories that an image belongs to.
    package func matches(image: Int) -> [Int] {
        categories.indices.filter { outcome(image: image, category: $0) == .match }
    }

    private func position(_ image: Int, _ category: Int) -> Int {
        precondition(image >= 0 && image < count, "image index out of range")
        precondition(category >= 0 && category < categories.count, "category index out of range")
        return image * categories.count + category
    }

    /// The decisions for one image: a collection with one element per category, in file order.
    public struct Image: Sendable {
        fileprivate let decisions: Decisions
        fileprivate let position: Int

        /// The image's id, or its index as a string if it was classified without ids.
        public var id: String { decisions.ids?[position] ?? "\(position)" }

        /// The categories that the image belongs to: none, one or several.
        public var matches: [Decision] { filter(\.isMatch) }

        /// The decision for a category.
        ///
        /// - Precondition: The category exists.
        public subscript(name: String) -> Decision {
            guard let category = decisions.categories.firstIndex(of: name) else {
                preconditionFailure("there is no category '\(name)'")
            }
            return self[category]
        }
    }
}

/// The decision for one image and one category.
public struct Decision: Sendable, Hashable {
    /// The category's name.
    public let name: String
    /// The score and its components.
    public let evidence: Evidence
    /// Whether the image belongs to the category, and if not, which test it failed.
    public let outcome: Outcome

    /// The score that is compared with the threshold.
    public var score: Float { evidence.score }
    /// Whether the image belongs to the category.
    public var isMatch: Bool { outcome == .match }
}

extension Decisions: RandomAccessCollection {
    /// The first index, 0.
    public var startIndex: Int { 0 }
    /// The number of images.
    public var endIndex: Int { evidence.count / categories.count }

    /// The decisions for one image.
    public subscript(position: Int) -> Image {
        precondition(indices.contains(position), "image index out of range")
        return Image(decisions: self, position: position)
    }
}

extension Decisions.Image: RandomAccessCollection {
    /// The first index, 0.
    public var startIndex: Int { 0 }
    /// The number of categories.
    public var endIndex: Int { decisions.categories.count }

    /// The decision for the category at an index.
    public subscript(category: Int) -> Decision {
        Decision(
            name: decisions.categories[category],
            evidence: decisions.evidence(image: position, category: category),
            outcome: decisions.outcome(image: position, category: category)
        )
    }
}
