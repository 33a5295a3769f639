/// A scoring rule and its parameters, as named in a category file.
///
/// In the formulas, `·` is the cosine; `positive`, `negative` and `neutral` are the vectors of the category's prompt
/// sets (see ``PromptBank``), `positiveᵢ` and `negativeⱼ` those of single descriptions.
public enum RuleChoice: Sendable, Hashable {
    /// The default: `score = image·positive − image·negative`, −2…2; `image·positive` for a category without negatives.
    ///
    /// The neutral test: if there are neutral descriptions, a match also requires `image·positive − image·neutral ≥
    /// margin`, with the file's neutral margin.
    case contrast
    /// `score = image·positive − max image·negativeⱼ`, −2…2; `image·positive` for a category without negatives.
    ///
    /// The neutral test is that of `contrast`.
    case strongestNegative
    /// `score = max image·positiveᵢ − max image·negativeⱼ`, −2…2; only the first term for a category without negatives.
    ///
    /// The neutral test is that of `contrast`, with the nearest positive and neutral descriptions.
    case bestPrompt
    /// The mean of the `k` largest `image·positiveᵢ` minus that of the `k` largest `image·negativeⱼ`, −2…2.
    ///
    /// Only the first term for a category without negatives; a set with fewer than `k` descriptions is averaged as a
    /// whole. The neutral test is that of `contrast`, with the same means.
    case topKMean(k: Int = 3)
    /// The probability of a category if exactly one category of its group applies, 0…1.
    ///
    /// `score = exp(s·image·positive) / (Σₖ exp(s·image·positiveₖ) + exp(s·image·neutral) + exp(s·image·negative))`
    /// over the categories k of the group, without the terms of sets that are missing. There is no neutral test.
    ///
    /// Categories with the same `group` compete with each other; categories with the group `nil` form one group. The
    /// scale s is the model's logit scale unless `scale` overrides it, and is the same for all categories of a group.
    case softmax(group: String? = nil, scale: Double? = nil)
    /// The probability that a category applies, independent of the others, 0…1.
    ///
    /// `score = 1 / (1 + exp(−(s·image·positive + b)))`; with negatives, the logit is `s·(image·positive −
    /// image·negative)`. The scale s and the bias b are the model's logit scale and bias unless `scale` and `bias`
    /// override them. The neutral test is that of `contrast`.
    case sigmoid(scale: Double? = nil, bias: Double? = nil)
    /// The cosine with the nearest labelled image of the category minus that with the nearest one outside it, −2…2.
    ///
    /// This is the nearest neighbour (Cover and Hart, 1967). There is no neutral test.
    case nearestExemplar
    /// The cosine with the mean of the category's labelled images minus that with the mean of those outside it, −2…2.
    ///
    /// The means are the prototypes of Snell, Swersky and Zemel (2017, arXiv:1703.05175), here compared by cosine.
    /// There is no neutral test.
    case exemplarMean
    /// The probability by a logistic regression fitted to labelled images with L2 penalty `regularization`, 0…1.
    ///
    /// `score = 1 / (1 + exp(−(w·x + b)))` for the image's unit vector x, with fitted weights w and bias b. There is no
    /// neutral test.
    case linearProbe(regularization: Double = 1)
    /// A custom rule, which a category file cannot name.
    ///
    /// A rule with `learnsFromImages` uses labelled images instead of descriptions.
    case custom(CustomRule, learnsFromImages: Bool = false)

    /// A custom rule.
    public static func custom(_ rule: some ScoringRule, learnsFromImages: Bool = false) -> RuleChoice {
        .custom(CustomRule(rule), learnsFromImages: learnsFromImages)
    }

    /// Whether the rule learns from labelled images, so that its category needs no descriptions.
    package var learnsFromImages: Bool {
        switch self {
        case .nearestExemplar, .exemplarMean, .linearProbe: true
        case .contrast, .strongestNegative, .bestPrompt, .topKMean, .softmax, .sigmoid: false
        case .custom(_, let learnsFromImages): learnsFromImages
        }
    }

    /// Whether scores are probabilities from 0 to 1; otherwise they are cosines or differences of cosines.
    package var givesProbabilities: Bool {
        switch self {
        case .softmax, .sigmoid, .linearProbe: true
        case .contrast, .strongestNegative, .bestPrompt, .topKMean, .nearestExemplar, .exemplarMean, .custom: false
        }
    }

    /// Whether images are also compared with the neutral descriptions, separately from the score.
    var makesNeutralTest: Bool {
        switch self {
        case .contrast, .strongestNegative, .bestPrompt, .topKMean, .sigmoid, .custom: true
        case .softmax, .nearestExemplar, .exemplarMean, .linearProbe: false
        }
    }

    /// Whether categories of two rules share one probability distribution: both belong to one `softmax` group.
    package func competes(with other: RuleChoice) -> Bool {
        guard case .softmax(let group, _) = self, case .softmax(let otherGroup, _) = other else { return false }
        return group == otherGroup
    }

    /// The rule's name in category files, for example `top-k-mean`; for a custom rule, its identifier.
    package var name: String {
        switch self {
        case .contrast: "contrast"
        case .strongestNegative: "strongest-negative"
        case .bestPrompt: "best-prompt"
        case .topKMean: "top-k-mean"
        case .softmax: "softmax"
        case .sigmoid: "sigmoid"
        case .nearestExemplar: "nearest-exemplar"
        case .exemplarMean: "exemplar-mean"
        case .linearProbe: "linear-probe"
        case .custom(let custom, _): custom.rule.identifier
        }
    }

    /// Whether an identifier belongs to a built-in rule, with any parameters.
    static func owns(_ identifier: String) -> Bool {
        all.contains { identifier == $0.name || identifier.hasPrefix("\($0.name) (") }
    }

    /// Every rule that a category file can name, with default parameters.
    package static let all: [RuleChoice] = [
        .contrast, .strongestNegative, .bestPrompt, .topKMean(), .softmax(), .sigmoid(), .nearestExemplar,
        .exemplarMean,
        .linearProbe(),
    ]
}

extension RuleChoice: CustomStringConvertible {
    /// The name with explicit parameters, for example `softmax (group animals, scale 50.0)`.
    public var description: String {
        let parameters: [String?]
        switch self {
        case .topKMean(let k): parameters = ["k \(k)"]
        case .softmax(let group, let scale): parameters = [group.map { "group \($0)" }, scale.map { "scale \($0)" }]
        case .sigmoid(let scale, let bias): parameters = [scale.map { "scale \($0)" }, bias.map { "bias \($0)" }]
        case .linearProbe(let regularization): parameters = ["regularization \(regularization)"]
        case .custom(_, let learnsFromImages): return name + (learnsFromImages ? " over labelled images" : "")
        case .contrast, .strongestNegative, .bestPrompt, .nearestExemplar, .exemplarMean: parameters = []
        }
        let list = parameters.compactMap(\.self).joined(separator: ", ")
        return list.isEmpty ? name : "\(name) (\(list))"
    }
}

/// A scoring rule that a program supplies; two with the same identifier are equal.
public struct CustomRule: Sendable, Hashable {
    private let compared: ComparedRule

    /// The rule.
    package var rule: any ScoringRule { compared.rule }

    /// Takes a rule.
    package init(_ rule: some ScoringRule) {
        compared = ComparedRule(rule: rule)
    }
}

/// A rule, equal to others with its identifier.
private struct ComparedRule: Sendable, Hashable {
    let rule: any ScoringRule

    static func == (first: ComparedRule, second: ComparedRule) -> Bool {
        first.rule.identifier == second.rule.identifier
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(rule.identifier)
    }
}
