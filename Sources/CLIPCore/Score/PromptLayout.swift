/// Which vector of a ``PromptBank``, and so which column of ``Similarities``, stands for what.
///
/// Prompt sets come first, so that a rule that reads only those costs no more than they do.
public struct PromptLayout: Sendable, Hashable {
    /// One description and the sentences that templates make of it, or one labelled image.
    package struct Prompt: Sendable, Hashable {
        /// The description as written in the category file, or the image's id.
        package let text: String
        /// What the text encoder is given: the description in each template, or alone; none for an image.
        package let sentences: [String]
    }

    /// The columns of one prompt set.
    public struct PromptSet: Sendable, Hashable {
        /// The column of the set's one vector.
        @usableFromInline
        package let column: Int
        /// The columns of its prompts' vectors, in the order of the file.
        public let promptColumns: Range<Int>
    }

    /// The columns of one category.
    public struct Category: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// Its position in the category file, for rules with a parameter for each category.
        ///
        /// Not its position among the layout's categories: a rule that serves some categories sees a layout of those alone.
        public let index: Int
        /// The positive prompts.
        public let positive: PromptSet
        /// The negative prompts, if it has any.
        public let negative: PromptSet?
        /// The neutral prompts, if the category is compared with them.
        ///
        /// The same for all categories that are described in words. Cosines between images are larger than those between
        /// images and words, so that a category that learns from images has none.
        public let neutral: PromptSet?
    }

    /// The categories in the order of the file.
    public let categories: [Category]
    /// The neutral prompts, if there are any.
    package let neutral: PromptSet?
    /// Every prompt; prompt `i` has column `setCount + i`.
    package let prompts: [Prompt]
    /// Number of prompt sets: these are columns `0..<setCount`.
    package let setCount: Int

    /// Columns in all.
    package var rowCount: Int { setCount + prompts.count }

    init(categories: [Category], neutral: PromptSet?, prompts: [Prompt], setCount: Int) {
        self.categories = categories
        self.neutral = neutral
        self.prompts = prompts
        self.setCount = setCount
    }

    /// The same columns with some of the categories.
    func selecting(_ indices: [Int]) -> PromptLayout {
        PromptLayout(
            categories: indices.map { categories[$0] },
            neutral: neutral,
            prompts: prompts,
            setCount: setCount
        )
    }

    /// The prompt that a column stands for.
    ///
    /// - Precondition: `column` is the column of a single prompt.
    package func prompt(column: Int) -> Prompt {
        precondition(column >= setCount && column < rowCount, "this is not the column of a prompt")
        return prompts[column - setCount]
    }
}
