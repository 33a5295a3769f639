/// The scoring rules that a category file can name.
public enum RuleName: String, Sendable, Hashable, CaseIterable {
    /// ``ContrastRule``, the default.
    case contrast
    /// ``BestPromptRule``.
    case bestPrompt = "best-prompt"
    /// ``SoftmaxRule``.
    case softmax
    /// ``SigmoidRule``.
    case sigmoid
}
