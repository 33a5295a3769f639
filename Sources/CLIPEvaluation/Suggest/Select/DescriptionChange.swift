package import CLIPCore

/// A description to add to a category file, or to remove from it.
public struct DescriptionChange: Sendable, Hashable {
    /// What happens to the description.
    public enum Action: String, Sendable, Hashable {
        /// It is appended to its list.
        case add
        /// It is removed from its list.
        case remove
    }

    /// The list that the description belongs to.
    public enum Role: String, Sendable, Hashable {
        /// The positive descriptions of a category.
        case positive
        /// The negative descriptions of a category.
        case negative
        /// The file's neutral descriptions.
        case neutral
    }

    /// Whether the description is added or removed.
    public let action: Action
    /// The list that it belongs to.
    public let role: Role
    /// The description.
    public let text: String

    /// Returns a file with the change; `category` is the category's position, unless the role is neutral.
    package func applied(to file: CategoryFile, category: Int) -> CategoryFile {
        var file = file
        switch role {
        case .positive: apply(to: &file.categories[category].positive)
        case .negative: apply(to: &file.categories[category].negative)
        case .neutral: apply(to: &file.neutral)
        }
        return file
    }

    private func apply(to list: inout [String]) {
        switch action {
        case .add: list.append(text)
        case .remove: list.removeAll { $0 == text }
        }
    }
}
