extension Classifier {
    /// Creates a classifier that uses the rules, thresholds and margin of a category file.
    ///
    /// - Parameters:
    ///   - file: The file that `bank` was made from.
    ///   - bank: The vectors of the file's prompts and labelled images.
    ///   - model: Gives `softmax` and `sigmoid` their logit scale and bias where the file does not.
    /// - Throws: ``CLIPError`` with code `modelMismatch` when the file's thresholds were made for another model, or
    ///   `invalidModel` when a rule needs a logit scale or bias and neither file nor model has one.
    /// - Precondition: The file and the bank have the same categories; those of one group of `softmax` have the same scale.
    public init(_ file: CategoryFile, bank: PromptBank, model: ModelDescription) throws {
        try file.requireModel(name: model.name, identity: model.identity)
        var parts = [(choice: RuleChoice, categories: [Int])]()
        for (index, category) in file.categories.enumerated() {
            let choice = file.rule(of: category)
            if let part = parts.firstIndex(where: { $0.choice == choice }) {
                parts[part].categories.append(index)
            } else {
                parts.append((choice, [index]))
            }
        }
        precondition(
            !parts.contains { part in
                parts.contains { $0.choice != part.choice && $0.choice.competes(with: part.choice) }
            },
            "categories of a softmax group share one probability, and so one logit scale"
        )
        let rules = try parts.map { part in
            CombinedRule.Part(rule: try part.choice.rule(for: model, probes: bank.probes), categories: part.categories)
        }
        let rule: any ScoringRule = rules.count == 1 ? rules[0].rule : CombinedRule(rules)
        self.init(file, bank: bank, rule: rule, definitions: file.categories.map { ScoreDefinition($0, in: file) })
    }
}

extension RuleChoice {
    /// The rule itself.
    fileprivate func rule(for model: ModelDescription, probes: [LinearProbe?]) throws -> any ScoringRule {
        func required(_ value: Double?, _ what: String, _ key: String) throws -> Double {
            guard let value else {
                throw CLIPError(
                    .invalidModel,
                    "The rule '\(name)' needs a \(what), and the model \(model.name) has none. Give one in the category file, "
                        + "as 'rule: {name: \(name), \(key): …}', or use another rule."
                )
            }
            return value
        }
        switch self {
        case .contrast, .exemplarMean: return .contrast
        case .strongestNegative: return .strongestNegative
        case .bestPrompt, .nearestExemplar: return .bestPrompt
        case .topKMean(let k): return try .topKMean(k: k)
        case .softmax(_, let scale):
            return try .softmax(scale: required(scale ?? model.logitScale, "logit scale", "logit_scale"))
        case .sigmoid(let scale, let bias):
            return try .sigmoid(
                scale: required(scale ?? model.logitScale, "logit scale", "logit_scale"),
                bias: required(bias ?? model.logitBias, "logit bias", "logit_bias")
            )
        case .linearProbe: return LinearProbeRule(probes)
        }
    }
}
