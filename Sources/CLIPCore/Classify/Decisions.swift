/// Decisions for images against all categories of a file: a collection with one element for each image.
///
/// ```swift
/// for image in try await classifier.classify(store) {
///     print(image.id, image.matches.map(\.name), image["dog"].score)
/// }
/// ```
public struct Decisions: Sendable, Hashable {
    /// The categories' names, in the order of the file.
    public let categories: [String]
    /// `count × categories.count` items, image by image.
    package let evidence: [Evidence]
    /// `count × categories.count` outcomes, image by image.
    package let outcomes: [Outcome]
    private let ids: [String]?

    /// Joins evidence and outcomes.
    ///
    /// - Parameters:
    ///   - ids: The images' ids; `nil` for their positions.
    ///   - categories: The categories' names, at least one.
    ///   - evidence: One item for each image and category, image by image.
    ///   - outcomes: One for each item of evidence.
    /// - Precondition: The counts fit.
    package init(ids: [String]? = nil, categories: [String], evidence: [Evidence], outcomes: [Outcome]) {
        precondition(evidence.count.isMultiple(of: categories.count), "the evidence does not fill whole rows")
        precondition(outcomes.count == evidence.count, "there is an outcome for each item of evidence")
        precondition(ids.map { $0.count * categories.count == evidence.count } ?? true, "every image has an id")
        self.ids = ids
        self.categories = categories
        self.evidence = evidence
        self.outcomes = outcomes
    }

    /// The evidence for one image and category, by their positions.
    package func evidence(image: Int, category: Int) -> Evidence {
        evidence[position(image, category)]
    }

    /// The outcome for one image and category, by their positions.
    package func outcome(image: Int, category: Int) -> Outcome {
        outcomes[position(image, category)]
    }

    /// Positions of the categories that an image belongs to.
    package func matches(image: Int) -> [Int] {
        categories.indices.filter { outcome(image: image, category: $0) == .match }
    }

    private func position(_ image: Int, _ category: Int) -> Int {
        precondition(image >= 0 && image < count, "there is no such image")
        precondition(category >= 0 && category < categories.count, "there is no such category")
        return image * categories.count + category
    }

    /// What was decided of one image: a collection with one element for each category, in the order of the file.
    public struct Image: Sendable {
        fileprivate let decisions: Decisions
        fileprivate let position: Int

        /// The image's id, or its position as a text where it was classified without one.
        public var id: String { decisions.ids?[position] ?? "\(position)" }

        /// The categories that the image belongs to: several, one or none.
        public var matches: [Decision] { filter(\.isMatch) }

        /// The decision for a category.
        ///
        /// - Precondition: There is a category of this name.
        public subscript(name: String) -> Decision {
            guard let category = decisions.categories.firstIndex(of: name) else {
                preconditionFailure("there is no category '\(name)'")
            }
            return self[category]
        }
    }
}

/// What was decided of one image and one category.
public struct Decision: Sendable, Hashable {
    /// The category's name.
    public let name: String
    /// The score and what it was made of.
    public let evidence: Evidence
    /// Whether the image belongs to the category, and what it fell short of.
    public let outcome: Outcome

    /// What is compared with the threshold.
    public var score: Float { evidence.score }
    /// Whether the image belongs to the category.
    public var isMatch: Bool { outcome == .match }
}

extension Decisions: RandomAccessCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The number of images.
    public var endIndex: Int { evidence.count / categories.count }

    /// What was decided of one image.
    public subscript(position: Int) -> Image {
        precondition(indices.contains(position), "there is no such image")
        return Image(decisions: self, position: position)
    }
}

extension Decisions.Image: RandomAccessCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The number of categories.
    public var endIndex: Int { decisions.categories.count }

    /// What was decided of one category, by its position.
    public subscript(category: Int) -> Decision {
        Decision(
            name: decisions.categories[category],
            evidence: decisions.evidence(image: position, category: category),
            outcome: decisions.outcome(image: position, category: category)
        )
    }
}
