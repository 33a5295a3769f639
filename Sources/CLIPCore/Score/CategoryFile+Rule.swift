extension CategoryFile {
    /// The scoring rule that the file names.
    ///
    /// - Parameter model: Gives `softmax` and `sigmoid` their logit scale and bias.
    /// - Returns: The rule, ready to be given to ``Classifier``.
    /// - Throws: ``CLIPError`` with code `invalidModel` when the rule needs a logit scale or bias and the model has none.
    public func scoringRule(for model: ModelDescription) throws -> any ScoringRule {
        func required(_ value: Double?, _ what: String) throws -> Double {
            guard let value else {
                throw CLIPError(
                    .invalidModel,
                    "The rule '\(rule.rawValue)' needs a \(what), and the model \(model.name) has none. Use another rule."
                )
            }
            return value
        }
        switch rule {
        case .contrast:
            return .contrast
        case .bestPrompt:
            return .bestPrompt
        case .softmax:
            return try .softmax(scale: required(model.logitScale, "logit scale"))
        case .sigmoid:
            return try .sigmoid(
                scale: required(model.logitScale, "logit scale"),
                bias: required(model.logitBias, "logit bias")
            )
        }
    }
}
