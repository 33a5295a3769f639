/// What speaks for and against an image belonging to a category: a score and its parts.
///
/// All are finite numbers. A scoring rule makes it; deciding compares it with thresholds. It does not depend on them, so thresholds can be
/// changed without scoring again.
public struct Evidence: Sendable, Hashable {
    /// The number compared with the category's threshold.
    public var score: Float
    /// Similarity to the positive descriptions.
    public var positive: Float
    /// Similarity to the negative descriptions; `nil` when the category has none.
    public var negative: Float?
    /// What `positive` must exceed by the neutral margin; `nil` when the rule makes no such test.
    public var neutral: Float?

    /// Creates evidence.
    @inlinable
    public init(score: Float, positive: Float, negative: Float? = nil, neutral: Float? = nil) {
        self.score = score
        self.positive = positive
        self.negative = negative
        self.neutral = neutral
    }

    /// Whether the score and its parts are numbers that every format can hold.
    package var isFinite: Bool {
        score.isFinite && positive.isFinite && (negative?.isFinite ?? true) && (neutral?.isFinite ?? true)
    }
}
