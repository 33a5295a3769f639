package import CLIPCore

/// A column of a text format: a part of each image's score for one category.
struct ResultField: Sendable {
    /// A number, or a text as the format writes it.
    enum Value {
        case number(Float)
        case text(TextBuffer)
    }

    private let part: ResultPart
    private let category: Int
    /// The texts that values are chosen from, as the format writes them; empty for numbers.
    private let texts: [TextBuffer]

    init(_ part: ResultPart, category: Int, of schema: ResultSchema, write: (String, inout TextBuffer) -> Void) {
        self.part = part
        self.category = category
        let texts =
            switch part {
            case .outcome: Outcome.allCases.map(\.rawValue)
            case .bestPrompt: schema.categories[category].prompts
            case .score, .positive, .negative, .neutral, .margin: [String]()
            }
        self.texts = texts.map { text in TextBuffer { write(text, &$0) } }
    }

    /// The value for an image, to be written; `nil` if there is none.
    func value(_ image: Int, of block: ResultBlock) -> Value? {
        let position = image * block.categoryCount + category
        switch part {
        case .outcome: return block.outcomes.map { .text(texts[$0[position].index]) }
        case .bestPrompt: return block.bestPrompts.map { .text(texts[Int($0[position])]) }
        case .score, .positive, .negative, .neutral, .margin: return block.evidence[position].number(part).map { .number($0) }
        }
    }
}

extension TextBuffer {
    /// Appends the value of a field.
    mutating func append(_ value: ResultField.Value) {
        switch value {
        case .number(let number): append(number)
        case .text(let text): append(text)
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
