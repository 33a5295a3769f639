extension Similarities {
    /// What an image is compared with.
    public enum Column: Sendable, Hashable {
        /// The positive prompts of the category with a name.
        case positive(String)
        /// The negative prompts of the category with a name.
        case negative(String)
        /// The neutral prompts.
        case neutral
        /// The single description with a text.
        case prompt(String)
    }

    /// Creates similarities from hand-made numbers, for testing a rule without a model.
    ///
    /// ```swift
    /// let similarities = try Similarities(file, images: [[.positive("dog"): 0.3, .negative("dog"): 0.1, .neutral: 0.2]])
    /// #expect(MyRule().score(similarities)[0].score == 0.2)
    /// ```
    ///
    /// - Parameters:
    ///   - file: The categories, none of which learns from images.
    ///   - images: The similarities of each image, −1…1. Single prompts may be omitted, but only all of them in all
    ///     images.
    /// - Throws: ``CLIPError`` with code `invalidCategoryFile`, or `invalidLabels` if a rule learns from images.
    /// - Precondition: Each image has a value for every prompt set of the file and for nothing outside the file. If an
    ///   image has values for single prompts, all images have values for all of them.
    public init(_ file: CategoryFile, images: [[Column: Float]]) throws {
        let layout = try PromptLayout(file)
        let sets = layout.columnsOfSets
        let prompts = layout.prompts.map { Column.prompt($0.text) }
        let hasPrompts = images.contains { image in prompts.contains { image[$0] != nil } }
        let columns = hasPrompts ? sets + prompts : sets
        let known = Set(columns)
        let values = images.flatMap { image in
            if let stranger = image.keys.first(where: { !known.contains($0) }) {
                preconditionFailure("the category file has no \(stranger)")
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
    /// The prompt sets of the columns, in order.
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
