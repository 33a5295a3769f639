/// How much closer an image is to the positive descriptions than to the negative ones.
///
/// `score = image·positive − image·negative`, −2…2, or `image·positive` for a category without negatives. The image must
/// also be closer to the positives than to the neutral descriptions, by the file's neutral margin:
/// `image·positive ≥ image·neutral + margin`. A file without neutral descriptions makes no such test.
public struct ContrastRule: ScoringRule {
    /// Creates the rule; it has no parameters.
    public init() {}

    /// Scores a block of images against all categories.
    public func score(_ similarities: Similarities) -> [Evidence] {
        similarities.contrast { row, set in row[set] }
    }
}

extension ScoringRule where Self == ContrastRule {
    /// The default rule: positive minus negative similarity.
    public static var contrast: ContrastRule { ContrastRule() }
}
