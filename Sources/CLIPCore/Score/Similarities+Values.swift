extension Similarities {
    /// What a cosine is with.
    public enum Column: Sendable, Hashable {
        /// The positive prompts of a category, by its name.
        case positive(String)
        /// The negative prompts of a category, by its name.
        case negative(String)
        /// The neutral prompts.
        case neutral
        /// A single description, by its text.
        case prompt(String)
    }

    /// Creates similarities from hand-made numbers, to test a rule without a model.
    ///
    /// ```swift
    /// let layout = try PromptLayout(file)
    /// let similarities = Similarities(layout, images: [[.positive("dog"): 0.3, .negative("dog"): 0.1, .neutral: 0.2]])
    /// #expect(MyRule().score(similarities)[0].score == 0.2)
    /// ```
    ///
    /// - Parameters:
    ///   - layout: What there are cosines with.
    ///   - images: For each image its cosines, −1…1. Single prompts may be left out, all of them in all images.
    /// - Precondition: Every prompt set of the layout has a cosine, and nothing else has one; where an image has single prompts,
    ///   all images have all of them.
    public init(_ layout: PromptLayout, images: [[Column: Float]]) {
        let sets = layout.columnsOfSets
        let prompts = layout.prompts.map { Column.prompt($0.text) }
        let hasPrompts = images.contains { image in prompts.contains { image[$0] != nil } }
        let columns = hasPrompts ? sets + prompts : sets
        let known = Set(columns)
        let values = images.flatMap { image in
            if let stranger = image.keys.first(where: { !known.contains($0) }) {
                preconditionFailure("the layout has no \(stranger)")
            }
            return columns.map { column in
                guard let value = image[column] else { preconditionFailure("there is no cosine with \(column)") }
                return value
            }
        }
        self.init(layout: layout, columnCount: columns.count, values: values)
    }
}

extension PromptLayout {
    /// What the columns of prompt sets stand for, in their order.
    fileprivate var columnsOfSets: [Similarities.Column] {
        var columns = [Int: Similarities.Column]()
        for category in categories {
            columns[category.positive.column] = .positive(category.name)
            category.negative.map { columns[$0.column] = .negative(category.name) }
        }
        neutral.map { columns[$0.column] = .neutral }
        return columns.sorted { $0.key < $1.key }.map(\.value)
    }
}
