/// Descriptions that would help the categories of a file, and descriptions that do harm.
public struct DescriptionSuggestions: Sendable {
    /// Wrongly decided images, and the phrases of the vocabulary that they are nearest to.
    public struct Errors: Sendable, Hashable {
        /// The ids of the images.
        public let ids: [String]
        /// The nearest phrases, each with the number of images that it is nearest to, most frequent first.
        public let phrases: [PhraseCount]
    }

    /// What was tried and measured for one category, or for the neutral descriptions.
    public struct Attempt: Sendable {
        /// The best changes.
        public let changes: [DescriptionChange]
        /// For each change, the fraction of the cross-validation's selections that made it too.
        package let support: [Double]
        /// The metrics without changes: means over the categories whose scores change, which are several for neutral
        /// descriptions and for a category of a `softmax` group.
        package let before: HeldOutMetrics
        /// The metrics with the changes.
        package let after: HeldOutMetrics
        /// F1 with changes minus F1 without them, on held-out images; a mean over the same categories.
        public let gain: MetricEstimate
        /// How many of the false positives are more similar to an added negative than to the positive descriptions.
        package let explainedCount: Int

        /// Whether the confidence interval of the gain is above 0.
        package var isClear: Bool { gain.verdict == .helps }
    }

    /// The suggestion for one category, or for the neutral descriptions.
    public struct Suggestion: Sendable {
        /// The category's name; `nil` for the neutral descriptions.
        public let category: String?
        /// The negative images that match at the file's threshold; empty for the neutral descriptions.
        public let falsePositives: Errors
        /// The positive images that do not.
        public let missed: Errors
        /// The number of labelled images.
        package let labelCount: Int
        /// What was tried; `nil` if no change increased F1 even on the images that it was chosen for.
        public let attempt: Attempt?
        /// Why nothing was tried, in human-readable form; `nil` otherwise.
        public let skippedReason: String?

        /// The changes to make: those of ``attempt`` if their effect is clear, and otherwise none.
        public var changes: [DescriptionChange] { attempt.flatMap { $0.isClear ? $0.changes : nil } ?? [] }
    }

    /// One suggestion for each category, and the last for the neutral descriptions.
    public let suggestions: [Suggestion]
    /// The thresholds of largest F1 over all labels with all changes, for the categories whose scores change.
    package let thresholds: [String: Float]
    /// The identity of the model.
    package let modelIdentity: String

    /// Whether no change is suggested.
    public var isEmpty: Bool { suggestions.allSatisfy(\.changes.isEmpty) }
}
