package import CLIPCore

/// A value in a result file for an image and a category.
public enum ResultPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// `Evidence.score`.
    case score
    /// The `Outcome`: whether the image matches, and if not, which test it fails.
    case outcome
    /// `Evidence.positive`.
    case positive
    /// `Evidence.negative`.
    case negative
    /// `Evidence.neutral`.
    case neutral
    /// `positive − neutral`, which is compared with the neutral margin.
    case margin
    /// The positive prompt, or labelled image, nearest to the image; only in files of scores without decisions.
    case bestPrompt = "best_prompt"

    /// The parts that explain decisions.
    public static let decision: [ResultPart] = [.score, .outcome, .positive, .negative, .neutral]
    /// All parts of a score.
    package static let evidence: [ResultPart] = [.score, .positive, .negative, .neutral, .margin, .bestPrompt]

    /// Whether rows have the part for a category; individual values may still be missing.
    func exists(for category: PromptLayout.Category, of definition: ScoreDefinition) -> Bool {
        switch self {
        case .score, .outcome, .positive: true
        // A custom rule may have other sources of both.
        case .negative: category.negative != nil || !definition.isOfCategoryFile
        case .neutral, .margin: category.neutral != nil || !definition.isOfCategoryFile
        case .bestPrompt: !category.positive.promptColumns.isEmpty
        }
    }
}

extension Evidence {
    /// The numerical value of a part; `nil` if the part is not a number or the evidence has none.
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
