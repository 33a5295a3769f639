internal import CLIPCore

/// A component of a category that can be removed.
public struct AblationPart: Sendable, Hashable {
    /// The kinds of components.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One positive description.
        case positive
        /// One negative description.
        case negative
        /// All negative descriptions.
        case negatives
        /// One neutral description.
        case neutralDescription = "neutral-description"
        /// All neutral descriptions, and thus the neutral test.
        case neutral
        /// One template; without its only template, a category's descriptions are used unchanged.
        case template
    }

    /// The kind of component that is removed.
    public let kind: Kind
    /// The removed description or template; `nil` if there is more than one.
    public let text: String?
    /// Its position among the components of its kind.
    let index: Int

    private init(_ kind: Kind, _ text: String? = nil, index: Int = 0) {
        self.kind = kind
        self.text = text
        self.index = index
    }

    /// The components that can be removed without making the category impossible to score.
    static func parts(of category: CategoryFile.Category, in file: CategoryFile) -> [AblationPart] {
        func each(_ kind: Kind, _ texts: [String]) -> [AblationPart] {
            texts.enumerated().map { AblationPart(kind, $0.element, index: $0.offset) }
        }
        var parts = category.positive.count > 1 ? each(.positive, category.positive) : []
        // Removing the only negative or neutral description is the same as removing all of them.
        if category.negative.count > 1 { parts += each(.negative, category.negative) }
        if !category.negative.isEmpty { parts.append(AblationPart(.negatives)) }
        if file.neutral.count > 1 { parts += each(.neutralDescription, file.neutral) }
        if !file.neutral.isEmpty { parts.append(AblationPart(.neutral)) }
        return parts + each(.template, category.templates ?? file.templates)
    }

    /// Returns a category file without this component of one category.
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
