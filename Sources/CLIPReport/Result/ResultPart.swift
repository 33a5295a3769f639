package import CLIPCore

/// What a result file holds for an image and a category.
public enum ResultPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// `Evidence.score`.
    case score
    /// The `Outcome`: whether the image belongs to the category, and if not, what it fell short of.
    case outcome
    /// `Evidence.positive`.
    case positive
    /// `Evidence.negative`.
    case negative
    /// `Evidence.neutral`.
    case neutral
    /// `positive − neutral`: what is compared with the neutral margin.
    case margin
    /// The positive description, or labelled image, that the image is nearest to: in scores without decisions alone.
    case bestPrompt = "best_prompt"

    /// What decisions are explained with.
    public static let decision: [ResultPart] = [.score, .outcome, .positive, .negative, .neutral]
    /// All that is known of a score.
    package static let evidence: [ResultPart] = [.score, .positive, .negative, .neutral, .margin, .bestPrompt]

    /// Whether rows hold the part for a category; single values may be missing all the same.
    func exists(for category: PromptLayout.Category, of definition: ScoreDefinition) -> Bool {
        switch self {
        case .score, .outcome, .positive: true
        // A rule of the program's own may find either somewhere else.
        case .negative: category.negative != nil || !definition.isOfCategoryFile
        case .neutral, .margin: category.neutral != nil || !definition.isOfCategoryFile
        case .bestPrompt: !category.positive.promptColumns.isEmpty
        }
    }
}

extension Evidence {
    /// The number that a part is, or `nil` when the part is no number or the evidence has none.
    package func number(_ part: ResultPart) -> Float? {
        switch part {
        case .score: score
        case .positive: positive
        case .negative: negative
        case .neutral: neutral
        case .margin: neutral.map { positive - $0 }
        case .outcome, .bestPrompt: nil
        }
    }
}
