internal import CLIPCore

/// A parsed category file with the position of each element.
struct LintedFile {
    /// A list of descriptions.
    struct PromptSet: Hashable {
        enum Role: String {
            case positive, negative, neutral
        }

        let role: Role
        /// `nil` for the neutral descriptions.
        let category: String?
        let prompts: [Prompt]

        /// For example `the negative descriptions of 'dog'`.
        var name: String { "the \(role.rawValue) descriptions" + (category.map { " of '\($0)'" } ?? "") }
    }

    /// One description.
    struct Prompt: Hashable {
        let text: String
        /// The prompts for the text encoder.
        let sentences: [String]
        let position: LintFinding.Position?

        /// The text in a form that ignores case, spaces and a full stop, to find equal descriptions.
        var folded: String { Self.fold(text) }

        static func fold(_ text: String) -> String {
            var words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")[...]
            while words.last == "." { words = words.dropLast() }
            return String(words)
        }
    }

    let file: CategoryFile
    /// The categories whose descriptions are used, which are those that do not learn from images.
    let described: [CategoryFile.Category]
    /// All non-empty lists of descriptions in use, category by category, with the neutral one last.
    let promptSets: [PromptSet]
    private let positions: [[String]: LintFinding.Position]

    /// Parses the text of a category file.
    ///
    /// - Throws: `CLIPError` with code `invalidCategoryFile`.
    init(text: String, name: String) throws {
        let file = try CategoryFile(text: text, name: name)
        let positions = try CategoryFilePositions.read(text, name: name).mapValues {
            LintFinding.Position(line: $0.line, column: $0.column)
        }
        self.file = file
        self.positions = positions
        described = file.categories.filter { !file.rule(of: $0).learnsFromImages }
        let ofCategories = described.flatMap { category in
            let templates = category.templates ?? file.templates
            return [
                PromptSet(.positive, category.name, category.positive, templates, positions),
                PromptSet(.negative, category.name, category.negative, templates, positions),
            ]
        }
        let neutral = PromptSet(.neutral, nil, file.neutral, [], positions)
        promptSets = (ofCategories + [neutral]).filter { !$0.prompts.isEmpty }
    }

    /// The position of a key or list element, given by the path of keys and indices to it.
    func position(_ path: String...) -> LintFinding.Position? { positions[path] }
}

extension LintedFile.PromptSet {
    fileprivate init(
        _ role: Role,
        _ category: String?,
        _ texts: [String],
        _ templates: [String],
        _ positions: [[String]: LintFinding.Position]
    ) {
        let path = (category.map { ["categories", $0] } ?? []) + [role.rawValue]
        self.role = role
        self.category = category
        prompts = texts.enumerated().map { index, text in
            LintedFile.Prompt(
                text: text,
                sentences: PromptTemplate.sentences(text, templates),
                position: positions[path + ["\(index)"]]
            )
        }
    }
}
