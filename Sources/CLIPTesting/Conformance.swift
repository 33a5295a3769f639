public import CLIPCore

/// Checks that a type keeps the contract of a protocol it conforms to.
///
/// They work with any test framework: a broken contract is thrown, with what to change.
///
/// ```swift
/// @Test func myRuleKeepsTheContract() async throws {
///     try await Conformance.check(MyRule())
/// }
/// ```
public enum Conformance {
    /// A promise that was not kept.
    public struct Violation: Error, CustomStringConvertible {
        /// What was found, what was promised, and what to change.
        public let description: String
    }

    /// Checks a scoring rule: an identifier, one finite item of evidence for each image and category, and an image's evidence
    /// does not depend on the other images.
    ///
    /// - Throws: ``Violation``.
    public static func check(_ rule: some ScoringRule) async throws {
        let file = CategoryFile(
            categories: [
                .init(name: "both", positive: ["a", "b"], negative: ["c"], threshold: 0),
                .init(name: "positive", positive: ["d"], threshold: 0),
            ],
            neutral: ["e"]
        )
        let embedder = TextEmbedder(tokenizer: StubTokenizer(), encoder: StubTextEncoder())
        try require(!rule.identifier.isEmpty, "the rule has no identifier")
        let classifier = Classifier(file, bank: try await PromptBank(file, embedder: embedder), rule: rule)
        let images = try await embedder.embed(["first image", "second image", "third image"])
        let together = try classifier.score(images)
        try require(
            together.allSatisfy(\.isFinite),
            "a score, or a part of it, is not a finite number"
        )
        for image in 0..<images.count {
            let alone = try classifier.score(EmbeddingMatrix(dimension: images.dimension, values: images[row: image]))
            for (category, evidence) in alone.enumerated() {
                let other = together[image * file.categories.count + category]
                try require(
                    abs(other.score - evidence.score) <= 1e-5,
                    "image \(image) has the score \(evidence.score) alone and \(other.score) in a block, for the category "
                        + "'\(file.categories[category].name)': let no other image change it"
                )
            }
        }
    }

    static func require(_ condition: Bool, _ violation: @autoclosure () -> String) throws {
        guard condition else { throw Violation(description: violation()) }
    }
}
