package import CLIPCore

extension CategoryFile {
    /// Names of the categories whose `logit_bias` has no effect: those with negatives (see ``SigmoidRule``).
    package var categoriesWithoutBias: [String] {
        categories.filter { category in
            guard case .sigmoid(_, .some) = rule(of: category) else { return false }
            return !category.negative.isEmpty
        }.map(\.name)
    }

    /// Categories that exclude each other: one group of the rule `softmax`.
    package struct ExclusiveGroup: Sendable, Hashable {
        /// The group's name; `nil` for categories that name no group.
        package let name: String?
        /// The indices of its categories in the file.
        package let categories: [Int]
    }

    /// The groups of at least two categories, in file order.
    package var exclusiveGroups: [ExclusiveGroup] {
        categories.indices.compactMap { index in
            let rule = rule(of: categories[index])
            let members = categories.indices.filter { rule.competes(with: self.rule(of: categories[$0])) }
            guard members.count > 1, members.first == index, case .softmax(let name, _) = rule else { return nil }
            return ExclusiveGroup(name: name, categories: members)
        }
    }
}
