/// What the scores of a category depend on besides the model; not its threshold.
package struct ScoreDefinition: Sendable, Hashable, Codable {
    /// The rule with its parameters, for example `top-k-mean (k 3)`: ``ScoringRule/identifier``.
    package let rule: String
    /// Positive descriptions.
    package let positive: [String]
    /// Negative descriptions.
    package let negative: [String]
    /// Neutral descriptions.
    package let neutral: [String]
    /// Templates.
    package let templates: [String]

    /// Describes the scores of a category by its rule.
    package init(_ category: CategoryFile.Category, in file: CategoryFile) {
        rule = file.rule(of: category).description
        positive = category.positive
        negative = category.negative
        neutral = file.neutral
        templates = category.templates ?? file.templates
    }

    /// Whether a category file can choose the rule.
    package var isOfCategoryFile: Bool { RuleChoice.owns(rule) }

    /// Whether the neutral similarity affects the decision, so that evidence without it would be decided differently.
    package var needsNeutral: Bool {
        guard isOfCategoryFile else { return true }
        let choice = RuleChoice.all.first { $0.name == rule.prefix { $0 != " " } }
        return !neutral.isEmpty && choice?.makesNeutralTest ?? true
    }

    /// Checks that scores of this rule may be decided with another rule.
    ///
    /// - Parameters:
    ///   - other: The rule to decide with.
    ///   - place: The category's name in error messages.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` that names both rules.
    package func requireRule(_ other: String, of place: String) throws {
        guard rule != other else { return }
        let advice =
            isOfCategoryFile
            ? "Give the category this rule, or score the embeddings again."
            : "No category file can name it: decide in the program that has the rule, or score the embeddings again."
        throw CLIPError(
            .invalidCategoryFile,
            "\(place) was scored with the rule '\(rule)' and cannot be decided by the rule '\(other)'. \(advice)"
        )
    }

    /// What differs besides the rule, in words, or `nil`.
    package func difference(from other: ScoreDefinition) -> String? {
        if positive != other.positive { return "positive descriptions" }
        if negative != other.negative { return "negative descriptions" }
        if neutral != other.neutral { return "neutral descriptions" }
        return templates == other.templates ? nil : "templates"
    }
}
