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

extension CategoryFile {
    /// The file of the categories whose scores depend on one another, and the category's position in it.
    func competing(withCategory index: Int) -> (file: CategoryFile, index: Int) {
        let competitors = competitors(ofCategory: index)
        var file = self
        file.categories = competitors.map { categories[$0] }
        return (file, competitors.firstIndex(of: index) ?? 0)
    }

    /// The categories whose scores depend on those of a category, itself among them.
    func competitors(ofCategory index: Int) -> [Int] {
        let rule = rule(of: categories[index])
        return categories.indices.filter { $0 == index || rule.competes(with: self.rule(of: categories[$0])) }
    }

    /// The file without the categories whose rules learn from labelled images.
    package func withoutLearningCategories() -> CategoryFile {
        var file = self
        file.categories = categories.filter { !rule(of: $0).learnsFromImages }
        return file
    }
}
