package import CLIPCore

/// What the rows of a result file hold, and what its scores were made with.
///
/// `Classifier.resultSchema(parts:)` makes one.
package struct ResultSchema: Sendable, Hashable {
    /// One category of a result file.
    package struct Category: Sendable, Hashable, Codable {
        /// The name.
        package let name: String
        /// The score from which an image belongs to the category.
        package let threshold: Float
        /// What each row holds for the category, in the order of the columns.
        package let parts: [ResultPart]
        /// What the positions of ``ResultPart/bestPrompt`` stand for; empty when rows do not hold them.
        package let prompts: [String]
        /// What the scores depend on: the rule, and the prompts as the file has them.
        package let definition: ScoreDefinition
    }

    /// The categories in the order of the file.
    package let categories: [Category]
    /// How much closer than to the neutral descriptions an image must be.
    package let neutralMargin: Float
    /// Whether rows say which categories match.
    package let hasDecisions: Bool

    /// What a file of decisions holds: the matching categories, and parts of each decision.
    ///
    /// - Precondition: `parts` is without ``ResultPart/bestPrompt``, which decisions do not have.
    package init(decisionsOf classifier: Classifier, parts: [ResultPart]) {
        precondition(!parts.contains(.bestPrompt), "decisions do not say which prompt is nearest")
        self.init(classifier, parts: parts, hasDecisions: true)
    }

    init(_ classifier: Classifier, parts: [ResultPart], hasDecisions: Bool) {
        let layout = classifier.bank.layout
        categories = layout.categories.enumerated().map { index, columns in
            let definition = classifier.definitions[index]
            let parts = parts.filter { $0.exists(for: columns, of: definition) }
            let prompts = parts.contains(.bestPrompt) ? columns.positive.promptColumns : 0..<0
            return Category(
                name: columns.name,
                threshold: classifier.thresholds[index],
                parts: parts,
                prompts: prompts.map { layout.prompt(column: $0).text },
                definition: definition
            )
        }
        neutralMargin = classifier.neutralMargin
        self.hasDecisions = hasDecisions
    }

    private init(_ other: ResultSchema, file: CategoryFile, parts: [ResultPart]) {
        categories = zip(other.categories, file.categories).map { category, decided in
            Category(
                name: category.name,
                threshold: decided.threshold,
                parts: parts.filter { ($0 != .bestPrompt && category.parts.contains($0)) || $0 == .outcome },
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
    ///   - file: Has the same categories, rules and descriptions; a custom rule, too.
    ///   - name: What error messages call the result file.
    ///   - parts: What rows are to hold for each category, as far as the scores have it, but for
    ///     ``ResultPart/bestPrompt``; none for decisions alone.
    /// - Returns: What a file of the decisions holds.
    /// - Throws: `CLIPError` with code `invalidCategoryFile` that says what differs.
    package func decided(
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
            let definition = ScoreDefinition(category, in: file)
            try scored.definition.requireRule(definition.rule, of: "\(name): the category '\(category.name)'")
            guard let difference = scored.definition.difference(from: definition) else { continue }
            throw CLIPError(
                .invalidCategoryFile,
                "\(name): the category '\(category.name)' was scored with other \(difference) than the category file has. "
                    + advice
            )
        }
        return ResultSchema(self, file: file, parts: parts)
    }
}

extension ResultSchema: Codable {
    /// Reads a schema.
    ///
    /// - Throws: `DecodingError` when it is not whole, has no category, or has two of one name.
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        categories = try object.decode([Category].self, forKey: .categories)
        neutralMargin = try object.decode(Float.self, forKey: .neutralMargin)
        hasDecisions = try object.decode(Bool.self, forKey: .hasDecisions)
        guard !categories.isEmpty, Set(categories.map(\.name)).count == categories.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .categories,
                in: object,
                debugDescription: "There is at least one category, and each has a name of its own."
            )
        }
    }
}
