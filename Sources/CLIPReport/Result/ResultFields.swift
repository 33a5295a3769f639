package import CLIPCore

/// Some columns of a text format: how their values are written, prepared once for all rows.
struct ResultFields: Sendable {
    private struct Field {
        let part: ResultPart
        let category: Int
        /// The text before each value.
        let prefix: Range<Int>
        /// The first of the texts that values are chosen from, in `choices`.
        let firstChoice: Int
    }

    /// The texts that the ranges refer to.
    private var texts = TextBuffer()
    private var fields = [Field]()
    private var choices = [Range<Int>]()
    /// Whether a missing value leaves an empty field.
    private let keepsMissing: Bool

    /// Prepares columns.
    ///
    /// - Parameters:
    ///   - parts: The parts of scores to include.
    ///   - schema: The contents of the file.
    ///   - keepsMissing: Whether a missing value leaves an empty field; otherwise it has none.
    ///   - prefix: The text before each value of a category.
    ///   - write: Writes a text.
    init(
        _ parts: [ResultPart],
        of schema: ResultSchema,
        keepsMissing: Bool,
        prefix: (_ category: String) -> TextBuffer,
        write: (_ text: String, inout TextBuffer) -> Void
    ) {
        self.keepsMissing = keepsMissing
        for column in schema.columns where parts.contains(column.part) {
            let category = schema.categories[column.category]
            fields.append(
                Field(
                    part: column.part,
                    category: column.category,
                    prefix: add { $0.append(prefix(category.name)) },
                    firstChoice: choices.count
                )
            )
            switch column.part {
            case .outcome: choices += Outcome.allCases.map { outcome in add { write(outcome.rawValue, &$0) } }
            case .bestPrompt: choices += category.prompts.map { prompt in add { write(prompt, &$0) } }
            case .score, .positive, .negative, .neutral, .margin: break
            }
        }
    }

    /// Whether there are no columns.
    var isEmpty: Bool { fields.isEmpty }

    private mutating func add(_ write: (inout TextBuffer) -> Void) -> Range<Int> {
        let start = texts.count
        write(&texts)
        return start..<texts.count
    }

    /// Appends the values for an image, each followed by a comma.
    func append(_ image: Int, of block: ResultBlock, to text: inout TextBuffer) {
        let start = image * block.categoryCount
        for field in fields {
            let position = start + field.category
            var choice: Int?
            var number: Float?
            switch field.part {
            case .outcome: choice = block.outcomes?[position].index
            case .bestPrompt: choice = block.bestPrompts.map { Int($0[position]) }
            case .score, .positive, .negative, .neutral, .margin: number = block.evidence[position].number(field.part)
            }
            guard choice != nil || number != nil || keepsMissing else { continue }
            text.append(texts, field.prefix)
            if let choice { text.append(texts, choices[field.firstChoice + choice]) }
            if let number { text.append(number) }
            text.append(ascii: ",")
        }
    }
}

extension Outcome {
    /// The position in `allCases`.
    package var index: Int {
        switch self {
        case .match: 0
        case .belowThreshold: 1
        case .belowNeutral: 2
        }
    }
}
