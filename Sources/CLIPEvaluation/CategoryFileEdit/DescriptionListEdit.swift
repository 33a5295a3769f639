internal import CLIPCore

/// Descriptions to add to a list of a category file, and to remove from it.
package struct DescriptionListEdit: Sendable, Hashable {
    /// A list of descriptions.
    package enum List: Sendable, Hashable {
        /// The file's neutral descriptions.
        case neutral
        /// The positive descriptions of the category with a name.
        case positive(category: String)
        /// The negative descriptions of the category with a name.
        case negative(category: String)

        /// The category's name; `nil` for neutral descriptions.
        var category: String? {
            switch self {
            case .neutral: nil
            case .positive(let category), .negative(let category): category
            }
        }

        /// The list's key.
        var key: String {
            switch self {
            case .neutral: "neutral"
            case .positive: "positive"
            case .negative: "negative"
            }
        }
    }

    /// The list.
    package let list: List
    /// Descriptions to append.
    package var added: [String] = []
    /// Descriptions to remove, wherever they occur in the list.
    package var removed: [String] = []

    /// Creates an edit that changes nothing.
    package init(_ list: List) {
        self.list = list
    }

    /// Changes the list of a file.
    ///
    /// - Returns: `false` if the file has no such category.
    func apply(to file: inout CategoryFile) -> Bool {
        guard let name = list.category else {
            apply(to: &file.neutral)
            return true
        }
        guard let index = file.categories.firstIndex(where: { $0.name == name }) else { return false }
        if case .positive = list { apply(to: &file.categories[index].positive) }
        if case .negative = list { apply(to: &file.categories[index].negative) }
        return true
    }

    private func apply(to descriptions: inout [String]) {
        descriptions.removeAll { removed.contains($0) }
        descriptions += added
    }
}
