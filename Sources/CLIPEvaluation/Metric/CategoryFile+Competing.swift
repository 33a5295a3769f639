package import CLIPCore

extension CategoryFile {
    /// The file of the categories whose scores depend on one another, and the category's position in it.
    func competing(withCategory index: Int) -> (file: CategoryFile, index: Int) {
        let rule = rule(of: categories[index])
        let competitors = categories.indices.filter { other in
            other == index || rule.competes(with: self.rule(of: categories[other]))
        }
        var file = self
        file.categories = competitors.map { categories[$0] }
        return (file, competitors.firstIndex(of: index) ?? 0)
    }

    /// The file without the categories whose rules learn from labelled images.
    package func withoutLearningCategories() -> CategoryFile {
        var file = self
        file.categories = categories.filter { !rule(of: $0).learnsFromImages }
        return file
    }
}
