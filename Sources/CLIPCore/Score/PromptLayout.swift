/// Assigns the vectors of a ``PromptBank``, and the columns of ``Similarities``, to prompt sets and single prompts.
///
/// Prompt sets come first, so that a rule that reads only those computes only their columns.
public struct PromptLayout: Sendable, Hashable {
    /// A single prompt: one description and its sentences, or one labelled image.
    package struct Prompt: Sendable, Hashable {
        /// The description as written in the category file, or the image's id.
        package let text: String
        /// The text encoder's input: the description in each template, or alone; empty for an image.
        package let sentences: [String]
    }

    /// The columns of one prompt set.
    public struct PromptSet: Sendable, Hashable {
        /// The column of the set's vector.
        @usableFromInline
        package let column: Int
        /// The columns of its single prompts, in file order.
        public let promptColumns: Range<Int>
    }

    /// The columns of one category.
    public struct Category: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// Its index in the category file, for rules with a parameter per category.
        ///
        /// This is not its index in the layout: a rule that serves some of the categories sees a layout of those alone.
        public let index: Int
        /// The positive prompts.
        public let positive: PromptSet
        /// The negative prompts, if it has any.
        public let negative: PromptSet?
        /// The neutral prompts, if the category is compared with them.
        ///
        /// They are the same for all categories with descriptions. A category that learns from images has none, because
        /// cosines between images are larger than those between images and texts.
        public let neutral: PromptSet?
    }

    /// The categories in file order.
    public let categories: [Category]
    /// The neutral prompts, if any.
    package let neutral: PromptSet?
    /// All single prompts; prompt `i` has column `setCount + i`.
    package let prompts: [Prompt]
    /// The number of prompt sets, which have the columns `0..<setCount`.
    package let setCount: Int

    /// The total number of columns.
    package var rowCount: Int { setCount + prompts.count }

    init(categories: [Category], neutral: PromptSet?, prompts: [Prompt], setCount: Int) {
        self.categories = categories
        self.neutral = neutral
        self.prompts = prompts
        self.setCount = setCount
    }

    /// The same columns with only some of the categories.
    func selecting(_ indices: [Int]) -> PromptLayout {
        PromptLayout(
            categories: indices.map { categories[$0] },
            neutral: neutral,
            prompts: prompts,
            setCount: setCount
        )
    }

    /// The single prompt of a column.
    ///
    /// - Precondition: `column` is the column of a single prompt.
    package func prompt(column: Int) -> Prompt {
        precondition(column >= setCount && column < rowCount, "the column must be that of a single prompt")
        return prompts[column - setCount]
    }
}
