extension CategoryFile {
    private static let rules = ["contrast", "best-prompt", "softmax"]

    /// The scoring rule that the file names.
    ///
    /// - Parameter model: Gives `softmax` its logit scale.
    /// - Returns: The rule, ready to be given to ``Classifier``.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile` when there is no rule of that name, `invalidModel` when the
    ///   rule needs a logit scale and the model has none.
    public func scoringRule(for model: ModelDescription) throws -> any ScoringRule {
        switch rule {
        case "contrast":
            return .contrast
        case "best-prompt":
            return .bestPrompt
        case "softmax":
            guard let scale = model.logitScale else {
                throw CLIPError(.invalidModel, "The rule 'softmax' needs a logit scale, and \(model.name) has none.")
            }
            return try .softmax(scale: scale)
        default:
            let near = Spelling.nearest(to: rule, among: Self.rules).map { " Did you mean '\($0)'?" } ?? ""
            throw CLIPError(
                .invalidCategoryFile,
                "There is no rule '\(rule)'.\(near) Known rules: \(Self.rules.joined(separator: ", "))."
            )
        }
    }
}
