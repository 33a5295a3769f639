package import CLIPCore

/// The contents of a result file's rows, and how its scores were computed.
///
/// Create one with `Classifier.resultSchema(parts:)`.
package struct ResultSchema: Sendable, Hashable {
    /// One category of a result file.
    package struct Category: Sendable, Hashable, Codable {
        /// The name.
        package let name: String
        /// The score from which an image matches.
        package let threshold: Float
        /// The parts in each row, in column order.
        package let parts: [ResultPart]
        /// The prompts to which positions in ``ResultPart/bestPrompt`` refer; empty if rows do not have that part.
        package let prompts: [String]
        /// What the scores depend on: the rule, and the prompts as in the file.
        package let definition: ScoreDefinition
    }

    /// The categories, in file order.
    package let categories: [Category]
    /// How much more similar to a category than to the neutral descriptions an image must be.
    package let neutralMargin: Float
    /// Whether rows say which categories match.
    package let hasDecisions: Bool
    /// The name of the category file, for people who look at the results; `nil` if it is not known.
    package var categoryFile: String?

    /// The schema of a file of decisions: the matching categories, and parts of each decision, which has no nearest
    /// prompt.
    package init(decisionsOf classifier: Classifier, parts: [ResultPart]) {
        self.init(classifier, parts: parts.filter { $0 != .bestPrompt }, hasDecisions: true)
    }

    /// The columns of a result file after the first ones.
    package var columns: [(name: String, part: ResultPart, category: Int)] {
        categories.enumerated().flatMap { index, category in
            category.parts.map { ("\($0.rawValue)_\(category.name)", $0, index) }
        }
    }

    /// What decisions of this schema are made from.
    var basis: DecisionBasis {
        DecisionBasis(limits: DecisionLimits(self), definitions: categories.map(\.definition))
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

    /// The schema for deciding the same scores with the thresholds and margin of another category file.
    ///
    /// - Parameters:
    ///   - file: A category file with the same categories, rules (including custom ones) and, for rules that use them,
    ///     descriptions.
    ///   - name: The name of the result file in error messages.
    ///   - parts: The parts to write per category, where the scores have them, except ``ResultPart/bestPrompt``; empty
    ///     for the matching categories alone.
    /// - Returns: The schema of the file of decisions.
    /// - Throws: `CLIPError` with code `invalidCategoryFile` that names the difference.
    package func decided(
        by file: CategoryFile,
        name: String,
        parts: [ResultPart] = ResultPart.decision
    ) throws -> ResultSchema {
        let advice = "These scores belong to another category file: score the embeddings again."
        guard file.categories.map(\.name) == categories.map(\.name) else {
            throw CLIPError(
                .invalidCategoryFile,
                "\(name) has scores of the categories \(categories.map(\.name).joined(separator: ", ")), but the category "
                    + "file has \(file.categories.map(\.name).joined(separator: ", ")). \(advice)"
            )
        }
        for (scored, category) in zip(categories, file.categories) {
            let definition = ScoreDefinition(category, in: file)
            try scored.definition.requireRule(definition.rule, of: "\(name): the category '\(category.name)'")
            // Built-in rules that learn from labelled images ignore descriptions.
            guard !(file.rule(of: category).learnsFromImages && definition.isOfCategoryFile),
                let difference = scored.definition.difference(from: definition)
            else { continue }
            throw CLIPError(
                .invalidCategoryFile,
                "\(name): the category '\(category.name)' was scored with different \(difference) than in the category "
                    + "file. \(advice)"
            )
        }
        return ResultSchema(self, file: file, parts: parts)
    }
}

extension ResultSchema: Codable {
    /// Decodes a schema.
    ///
    /// - Throws: `DecodingError` if it is incomplete, has no category, or has two with the same name.
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        categories = try object.decode([Category].self, forKey: .categories)
        neutralMargin = try object.decode(Float.self, forKey: .neutralMargin)
        hasDecisions = try object.decode(Bool.self, forKey: .hasDecisions)
        categoryFile = try object.decodeIfPresent(String.self, forKey: .categoryFile)
        guard !categories.isEmpty, Set(categories.map(\.name)).count == categories.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .categories,
                in: object,
                debugDescription: "There must be at least one category, and names must be unique."
            )
        }
    }
}
