/// How much closer an image is to the positive descriptions together than to the nearest single negative one.
///
/// `score = image·positive − max image·negativeⱼ`, −2…2, or `image·positive` for a category without negatives. The mean
/// of many different negatives resembles none of them; the nearest one is the look-alike itself. The neutral test of
/// ``ContrastRule`` applies. The rule is this project's own.
public struct StrongestNegativeRule: PromptScoringRule, CategoryFileRule {
    /// Creates the rule; it has no parameters.
    public init() {}

    /// `strongest-negative`.
    public var identifier: String { Self.identifier("strongest-negative") }

    /// Scores a block of images against all categories.
    public func score(_ similarities: PromptSimilarities) -> [Evidence] {
        similarities.contrast {
            row,
            set in
            row[set]
        } negative: {
            row,
            set in
            row.best(of: set)
        }
    }
}

extension ScoringRule where Self == StrongestNegativeRule {
    /// Positive minus the nearest negative description.
    public static var strongestNegative: StrongestNegativeRule { StrongestNegativeRule() }
}
