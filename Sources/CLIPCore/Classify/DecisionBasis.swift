/// What decisions were made from besides the images: the definition of the scores and the limits.
package struct DecisionBasis: Sendable, Hashable {
    /// The thresholds and margin that scores are compared with.
    package let limits: DecisionLimits
    /// What each category's scores depend on.
    package let definitions: [ScoreDefinition]

    /// Combines limits and definitions of the same categories.
    package init(limits: DecisionLimits, definitions: [ScoreDefinition]) {
        self.limits = limits
        self.definitions = definitions
    }
}
