/// How much closer an image is to the positive descriptions than to the negative ones.
///
/// `score = image·positive − image·negative`, −2…2; `image·positive` for a category without negatives. The image must
/// also be closer to the positives than to the neutral descriptions by the file's neutral margin:
/// `image·positive − image·neutral ≥ margin`. Without neutral descriptions there is no such test.
///
/// `image·positive`, with the mean over descriptions as ``PromptBank`` computes it, is CLIP's zero-shot score (Radford
/// et al., 2021, arXiv:2103.00020). Subtracting negatives and the neutral test are original to this project. With the
/// means of labelled images instead of descriptions, and without the neutral test, this is the rule `exemplar-mean`:
/// class means as prototypes (Snell, Swersky and Zemel, 2017, arXiv:1703.05175), compared by cosine instead of distance
/// and against the mean of the other images.
package struct ContrastRule: CategoryFileRule {
    /// Creates the rule; it has no parameters.
    package init() {}

    /// `contrast`.
    package var identifier: String { Self.identifier("contrast") }

    /// Scores a block of images against all categories.
    package func score(_ similarities: Similarities) -> [Evidence] {
        similarities.contrast { row, set in row[set] }
    }
}
