/// Decisions for a block of images against all categories of a file.
public struct Decisions: Sendable, Hashable {
    /// Number of images.
    public let imageCount: Int
    /// Number of categories.
    public let categoryCount: Int
    /// `imageCount × categoryCount` items, image by image.
    public let evidence: [Evidence]
    /// `imageCount × categoryCount` outcomes, image by image.
    public let outcomes: [Outcome]

    /// Joins evidence and outcomes.
    ///
    /// - Precondition: There are `imageCount × categoryCount` items of each.
    public init(imageCount: Int, categoryCount: Int, evidence: [Evidence], outcomes: [Outcome]) {
        precondition(evidence.count == imageCount * categoryCount, "there is evidence for each image and category")
        precondition(outcomes.count == evidence.count, "there is an outcome for each item of evidence")
        self.imageCount = imageCount
        self.categoryCount = categoryCount
        self.evidence = evidence
        self.outcomes = outcomes
    }

    /// The evidence for one image and category, by their positions.
    public func evidence(image: Int, category: Int) -> Evidence {
        evidence[position(image, category)]
    }

    /// The outcome for one image and category, by their positions.
    public func outcome(image: Int, category: Int) -> Outcome {
        outcomes[position(image, category)]
    }

    /// Positions of the categories that an image belongs to: several, one or none.
    public func matches(image: Int) -> [Int] {
        (0..<categoryCount).filter { outcome(image: image, category: $0) == .match }
    }

    private func position(_ image: Int, _ category: Int) -> Int {
        precondition(image >= 0 && image < imageCount, "there is no such image")
        precondition(category >= 0 && category < categoryCount, "there is no such category")
        return image * categoryCount + category
    }
}
