extension Classifier {
    /// Creates a classifier for a category file and embeds its prompts.
    ///
    /// To reuse the embedded prompts for several classifiers, create a ``PromptBank`` and use ``init(_:bank:)``.
    ///
    /// - Parameters:
    ///   - file: Categories, rules, thresholds and margin.
    ///   - embedder: Embeds the prompts.
    ///   - exemplars: The labelled images that rules with `learnsFromImages` need.
    /// - Throws: What ``PromptBank/init(_:embedder:exemplars:)`` and ``init(_:bank:)`` throw.
    public init(_ file: CategoryFile, embedder: some TextEmbedding, exemplars: Exemplars? = nil) async throws {
        try await self.init(file, bank: PromptBank(file, embedder: embedder, exemplars: exemplars))
    }

    /// Creates a classifier that uses the rules, thresholds and margin of a category file.
    ///
    /// - Parameters:
    ///   - file: The file that `bank` was created from; rules, thresholds and margin may have changed since.
    ///   - bank: The vectors of the file's prompts and labelled images. Its model supplies the logit scale and bias of
    ///     `softmax` and `sigmoid` if the file does not.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` if the file is invalid or its categories differ from the
    ///   bank's, `modelMismatch` if its thresholds belong to another model, or `invalidModel` if a rule needs a logit
    ///   scale or bias that neither file nor model supplies.
    public init(_ file: CategoryFile, bank: PromptBank) throws {
        try file.validate(for: bank.model)
        try bank.requireFit(file)
        var parts = [(choice: RuleChoice, categories: [Int])]()
        for (index, category) in file.categories.enumerated() {
            let choice = file.rule(of: category)
            if let part = parts.firstIndex(where: { $0.choice == choice }) {
                parts[part].categories.append(index)
            } else {
                parts.append((choice, [index]))
            }
        }
        let rules = try parts.map { part in
            CombinedRule.Part(rule: try part.choice.rule(of: bank, for: part.categories), categories: part.categories)
        }
        self.init(
            bank: bank,
            rule: rules.count == 1 ? rules[0].rule : CombinedRule(rules),
            basis: DecisionBasis(
                limits: DecisionLimits(file),
                definitions: file.categories.map { ScoreDefinition($0, in: file) }
            )
        )
    }
}

extension RuleChoice {
    /// Creates the scoring rule for some categories, given by position.
    fileprivate func rule(of bank: PromptBank, for categories: [Int]) throws -> any ScoringRule {
        func required(_ value: Double?, _ what: String, _ key: String) throws -> Double {
            guard let value else {
                let model = bank.model.map { "the model \($0.name) has none" } ?? "the prompt bank has no model"
                throw CLIPError(
                    .invalidModel,
                    "The rule '\(name)' needs a \(what), and \(model). Give one in the category file, as 'rule: "
                        + "{name: \(name), \(key): …}', or use another rule."
                )
            }
            return value
        }
        switch self {
        case .contrast, .exemplarMean: return ContrastRule()
        case .strongestNegative: return StrongestNegativeRule()
        case .bestPrompt, .nearestExemplar: return BestPromptRule()
        case .topKMean(let k): return try TopKMeanRule(k: k)
        case .softmax(_, let scale):
            return try SoftmaxRule(scale: required(scale ?? bank.model?.logitScale, "logit scale", "logit_scale"))
        case .sigmoid(let scale, let bias):
            let known = bias ?? bank.model?.logitBias
            // It cancels out in categories with negatives.
            let needsBias = categories.contains { bank.layout.categories[$0].negative == nil }
            return try SigmoidRule(
                scale: required(scale ?? bank.model?.logitScale, "logit scale", "logit_scale"),
                bias: needsBias
                    ? required(known, "logit bias for categories without negatives", "logit_bias") : known ?? 0
            )
        case .linearProbe: return LinearProbeRule(bank.probes)
        case .custom(let custom, _): return custom.rule
        }
    }
}
