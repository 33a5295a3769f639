/// How much closer an image is to the positive descriptions than to the negative ones.
///
/// `score = image·positive − image·negative`, −2…2, or `image·positive` for a category without negatives. The image must
/// also be closer to the positives than to the neutral descriptions, by the file's neutral margin:
/// `image·positive ≥ image·neutral + margin`. A file without neutral descriptions makes no such test.
///
/// `image·positive`, with the mean over descriptions as ``PromptBank`` takes it, is CLIP's zero-shot score (Radford et
/// al., 2021, arXiv:2103.00020); taking the negatives away and the neutral test are this project's own. Over the means of
/// labelled images instead of descriptions, without the neutral test, this is the rule `exemplar-mean`: class means as
/// prototypes (Snell, Swersky and Zemel, 2017, arXiv:1703.05175), by cosine instead of distance and against the mean of
/// the others.
public struct ContrastRule: CategoryFileRule {
    /// Creates the rule; it has no parameters.
    public init() {}

    /// `contrast`.
    public var identifier: String { Self.identifier("contrast") }

    /// Scores a block of images against all categories.
    public func score(_ similarities: Similarities) -> [Evidence] {
        similarities.contrast { row, set in row[set] }
    }
}
