/// The evidence for an image belonging to a category: a score and its components.
///
/// All values are finite. A scoring rule computes the evidence; deciding compares it with thresholds. Evidence does not
/// depend on thresholds, so you can change them without scoring again.
public struct Evidence: Sendable, Hashable {
    /// The score that is compared with the category's threshold.
    public var score: Float
    /// The similarity to the positive descriptions.
    public var positive: Float
    /// The similarity to the negative descriptions; `nil` if the category has none.
    public var negative: Float?
    /// The similarity that `positive` must exceed by the neutral margin; `nil` if the rule has no neutral test.
    public var neutral: Float?

    /// Creates evidence.
    @inlinable
    public init(score: Float, positive: Float, negative: Float? = nil, neutral: Float? = nil) {
        self.score = score
        self.positive = positive
        self.negative = negative
        self.neutral = neutral
    }

    /// Whether the score and its components are finite, so that every file format can represent them.
    package var isFinite: Bool {
        score.isFinite && positive.isFinite && (negative?.isFinite ?? true) && (neutral?.isFinite ?? true)
    }
}
