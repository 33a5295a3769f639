extension CategoryFile {
    private static let rules = ["contrast", "best-prompt", "softmax", "sigmoid"]

    /// The scoring rule that the file names.
    ///
    /// - Parameter model: Gives `softmax` and `sigmoid` their logit scale and bias.
    /// - Returns: The rule, ready to be given to ``Classifier``.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` when there is no rule of that name, `invalidModel` when the
    ///   rule needs a logit scale or bias and the model has none.
    public func scoringRule(for model: ModelDescription) throws -> any ScoringRule {
        switch rule {
        case "contrast":
            return .contrast
        case "best-prompt":
            return .bestPrompt
        case "softmax":
            return try .softmax(scale: logitScale(of: model))
        case "sigmoid":
            guard let bias = model.logitBias else {
                throw CLIPError(
                    .invalidModel,
                    "The rule 'sigmoid' needs a logit bias, and \(model.name) has none: it was not trained for it."
                )
            }
            return try .sigmoid(scale: logitScale(of: model), bias: bias)
        default:
            let near = Spelling.nearest(to: rule, among: Self.rules).map { " Did you mean '\($0)'?" } ?? ""
            throw CLIPError(
                .invalidCategoryFile,
                "There is no rule '\(rule)'.\(near) Known rules: \(Self.rules.joined(separator: ", "))."
            )
        }
    }

    private func logitScale(of model: ModelDescription) throws -> Double {
        guard let scale = model.logitScale else {
            throw CLIPError(.invalidModel, "The rule '\(rule)' needs a logit scale, and \(model.name) has none.")
        }
        return scale
    }
}
