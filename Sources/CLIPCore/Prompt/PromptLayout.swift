/// Which vector of a ``PromptBank``, and so which column of ``Similarities``, stands for what.
///
/// Prompt sets come first, so that a rule that reads only those costs no more than they do.
public struct PromptLayout: Sendable, Hashable {
    /// One description and the sentences that templates make of it.
    public struct Prompt: Sendable, Hashable {
        /// The description as written in the category file.
        public let text: String
        /// What the text encoder is given: the description in each template, or alone.
        public let sentences: [String]
    }

    /// The columns of one prompt set.
    public struct PromptSet: Sendable, Hashable {
        /// The column of the set's one vector.
        public let column: Int
        /// The columns of its prompts' vectors, in the order of the file.
        public let promptColumns: Range<Int>
    }

    /// The columns of one category.
    public struct Category: Sendable, Hashable {
        /// The category's name.
        public let name: String
        /// The positive prompts.
        public let positive: PromptSet
        /// The negative prompts, if it has any.
        public let negative: PromptSet?
    }

    /// The categories in the order of the file.
    public let categories: [Category]
    /// The neutral prompts, if there are any.
    public let neutral: PromptSet?
    /// Every prompt; prompt `i` has column `setCount + i`.
    public let prompts: [Prompt]
    /// Number of prompt sets: these are columns `0..<setCount`.
    public let setCount: Int

    /// Columns in all.
    public var rowCount: Int { setCount + prompts.count }

    /// Lays out a category file.
    init(_ file: CategoryFile) {
        let setCount =
            file.categories.count + file.categories.count { !$0.negative.isEmpty } + (file.neutral.isEmpty ? 0 : 1)
        var prompts = [Prompt]()
        var sets = 0
        func add(_ texts: [String], _ templates: [PromptTemplate]) -> PromptSet? {
            guard !texts.isEmpty else { return nil }
            let start = setCount + prompts.count
            prompts += texts.map { text in
                Prompt(text: text, sentences: templates.isEmpty ? [text] : templates.map { $0.filled(with: text) })
            }
            defer { sets += 1 }
            return PromptSet(column: sets, promptColumns: start..<start + texts.count)
        }
        categories = file.categories.map { category in
            let templates = category.templates ?? file.templates
            guard let positive = add(category.positive, templates) else {
                preconditionFailure("a category has at least one positive description")
            }
            return Category(name: category.name, positive: positive, negative: add(category.negative, templates))
        }
        neutral = add(file.neutral, [])
        self.prompts = prompts
        self.setCount = setCount
    }

    /// For each row its name in messages and the prompts it is the mean of, in row order.
    var rowGroups: [(name: String, prompts: Range<Int>)] {
        var groups = [(name: String, prompts: Range<Int>)]()
        func add(_ name: String, _ set: PromptSet) {
            groups.append((name, set.promptColumns.lowerBound - setCount..<set.promptColumns.upperBound - setCount))
        }
        for category in categories {
            add("'positive' of category '\(category.name)'", category.positive)
            category.negative.map { add("'negative' of category '\(category.name)'", $0) }
        }
        neutral.map { add("'neutral'", $0) }
        for (index, prompt) in prompts.enumerated() {
            groups.append(("\"\(prompt.text)\" with its templates", index..<index + 1))
        }
        return groups
    }
}
