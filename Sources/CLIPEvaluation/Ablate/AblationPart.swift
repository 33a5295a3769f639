internal import CLIPCore

/// A part of a category's descriptions that can be left out.
public struct AblationPart: Sendable, Hashable {
    /// What kinds of parts there are.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One positive description.
        case positive
        /// One negative description.
        case negative
        /// All negative descriptions.
        case negatives
        /// One neutral description.
        case neutralDescription = "neutral-description"
        /// All neutral descriptions, and with them the neutral test.
        case neutral
        /// One template; without the only one, descriptions are used as they are.
        case template
    }

    /// What is left out.
    public let kind: Kind
    /// The description or template that is left out; `nil` where it is more than one.
    public let text: String?
    /// Its position among those of its kind.
    let index: Int

    private init(_ kind: Kind, _ text: String? = nil, index: Int = 0) {
        self.kind = kind
        self.text = text
        self.index = index
    }

    /// What can be left out of a category and leaves a category that can be scored.
    static func parts(of category: CategoryFile.Category, in file: CategoryFile) -> [AblationPart] {
        func each(_ kind: Kind, _ texts: [String]) -> [AblationPart] {
            texts.enumerated().map { AblationPart(kind, $0.element, index: $0.offset) }
        }
        var parts = category.positive.count > 1 ? each(.positive, category.positive) : []
        // Leaving out the only negative or neutral description is leaving out all.
        if category.negative.count > 1 { parts += each(.negative, category.negative) }
        if !category.negative.isEmpty { parts.append(AblationPart(.negatives)) }
        if file.neutral.count > 1 { parts += each(.neutralDescription, file.neutral) }
        if !file.neutral.isEmpty { parts.append(AblationPart(.neutral)) }
        return parts + each(.template, category.templates ?? file.templates)
    }

    /// A category file without this part of one of its categories.
    func removed(fromCategory category: Int, of file: CategoryFile) -> CategoryFile {
        var file = file
        switch kind {
        case .positive: file.categories[category].positive.remove(at: index)
        case .negative: file.categories[category].negative.remove(at: index)
        case .negatives: file.categories[category].negative = []
        case .neutralDescription: file.neutral.remove(at: index)
        case .neutral: file.neutral = []
        case .template:
            var templates = file.categories[category].templates ?? file.templates
            templates.remove(at: index)
            file.categories[category].templates = templates
        }
        return file
    }
}
