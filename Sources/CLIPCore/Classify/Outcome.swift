/// Whether an image belongs to a category, and if not, which test it failed.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// The image belongs to the category.
    case match
    /// The score is below the category's threshold.
    case belowThreshold = "below-threshold"
    /// The score is high enough, but the image is not closer to the category than to the neutral descriptions.
    case belowNeutral = "below-neutral"
}
