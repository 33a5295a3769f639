/// What the rows of a result file hold, and what its scores were made with.
public struct ResultSchema: Sendable, Hashable, Codable {
    /// One category of a result file.
    public struct Category: Sendable, Hashable, Codable {
        /// The name.
        public let name: String
        /// The score from which an image belongs to the category.
        public let threshold: Float
        /// What each row holds for the category, in the order of the columns.
        public let parts: [ResultPart]
        /// What the positions of ``ResultPart/bestPrompt`` stand for; empty when rows do not hold them.
        public let prompts: [String]
        /// What the scores depend on: the rule, and the prompts as the file has them.
        public let definition: ScoreDefinition
    }

    /// The categories in the order of the file.
    public let categories: [Category]
    /// How much closer than to the neutral descriptions an image must be.
    public let neutralMargin: Float
    /// Whether rows say which categories match.
    public let hasDecisions: Bool

    /// Describes the results of a classifier.
    ///
    /// - Parameters:
    ///   - file: The category file.
    ///   - layout: Columns of the bank that was made from it.
    ///   - parts: What rows are to hold for each category, as far as the category has it; none for decisions alone, which
    ///     say what categories match.
    public init(_ file: CategoryFile, layout: PromptLayout, parts: [ResultPart]) {
        categories = zip(file.categories, layout.categories).map { category, columns in
            let parts = parts.filter { $0.exists(for: columns) }
            let prompts = parts.contains(.bestPrompt) ? columns.positive.promptColumns : 0..<0
            return Category(
                name: category.name,
                threshold: category.threshold,
                parts: parts,
                prompts: prompts.map { layout.prompt(column: $0).text },
                definition: ScoreDefinition(category, in: file)
            )
        }
        neutralMargin = file.neutralMargin
        hasDecisions = parts.isEmpty || parts.contains(.outcome)
    }

    private init(_ other: ResultSchema, file: CategoryFile, parts: [ResultPart]) {
        categories = zip(other.categories, file.categories).map { category, decided in
            Category(
                name: category.name,
                threshold: decided.threshold,
                parts: parts.filter { category.parts.contains($0) || $0 == .outcome },
                prompts: [],
                definition: category.definition
            )
        }
        neutralMargin = file.neutralMargin
        hasDecisions = true
    }

    /// The same scores decided with the thresholds and the margin of another category file.
    ///
    /// - Parameters:
    ///   - file: Has the same categories, rules and descriptions.
    ///   - name: What error messages call the result file.
    ///   - parts: What rows are to hold for each category, as far as the scores have it; none for decisions alone.
    /// - Returns: What a file of the decisions holds.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` that says what differs.
    public func decided(
        by file: CategoryFile,
        name: String,
        parts: [ResultPart] = ResultPart.decision
    ) throws -> ResultSchema {
        let advice = "These scores are of another category file: score the embeddings again."
        guard file.categories.map(\.name) == categories.map(\.name) else {
            throw CLIPError(
                .invalidCategoryFile,
                "\(name) has scores of the categories \(categories.map(\.name).joined(separator: ", ")), and the category "
                    + "file has \(file.categories.map(\.name).joined(separator: ", ")). \(advice)"
            )
        }
        for (scored, category) in zip(categories, file.categories) {
            let difference = scored.definition.difference(from: ScoreDefinition(category, in: file))
            guard let difference else { continue }
            throw CLIPError(
                .invalidCategoryFile,
                "\(name): the category '\(category.name)' was scored with other \(difference) than the category file has. "
                    + advice
            )
        }
        return ResultSchema(self, file: file, parts: parts)
    }
}

/// What the scores of a category depend on besides the model: not its threshold.
public struct ScoreDefinition: Sendable, Hashable, Codable {
    /// The rule with its parameters, for example `top-k-mean (k 3)`.
    public let rule: String
    /// Positive descriptions.
    public let positive: [String]
    /// Negative descriptions.
    public let negative: [String]
    /// Neutral descriptions.
    public let neutral: [String]
    /// Templates.
    public let templates: [String]

    init(_ category: CategoryFile.Category, in file: CategoryFile) {
        rule = file.rule(of: category).description
        positive = category.positive
        negative = category.negative
        neutral = file.neutral
        templates = (category.templates ?? file.templates).map(\.text)
    }

    /// What differs, for a person, or `nil` when nothing does.
    func difference(from other: ScoreDefinition) -> String? {
        if rule != other.rule { return "rules" }
        if positive != other.positive { return "positive descriptions" }
        if negative != other.negative { return "negative descriptions" }
        if neutral != other.neutral { return "neutral descriptions" }
        return templates == other.templates ? nil : "templates"
    }
}
