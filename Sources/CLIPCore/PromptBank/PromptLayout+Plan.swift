extension PromptLayout {
    /// Lays out the prompts of a category file whose rules do not learn from images.
    ///
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile`, or `invalidLabels` if a rule learns from images.
    init(_ file: CategoryFile) throws {
        try file.validate()
        try self.init(PromptPlan(file, exemplars: nil))
    }

    /// Lays out a plan.
    init(_ plan: PromptPlan) {
        let setCount = plan.sets.count
        var prompts = [Prompt]()
        let sets = plan.sets.enumerated().map { column, set in
            let start = setCount + prompts.count
            prompts += set.content.prompts
            return PromptSet(column: column, promptColumns: start..<setCount + prompts.count)
        }
        let neutral = plan.neutral.map { sets[$0] }
        let categories = plan.categories.enumerated().map { index, category in
            Category(
                name: category.name,
                index: index,
                positive: sets[category.positive],
                negative: category.negative.map { sets[$0] },
                neutral: category.isComparedWithNeutral ? neutral : nil
            )
        }
        self.init(categories: categories, neutral: neutral, prompts: prompts, setCount: setCount)
    }
}
