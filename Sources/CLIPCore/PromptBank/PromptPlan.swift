/// The contents of a ``PromptBank``'s rows, before anything is embedded.
struct PromptPlan {
    /// One prompt set.
    struct PlannedSet {
        /// The set's name in error messages.
        let name: String
        let content: Content
    }

    enum Content {
        /// Descriptions: the set's vector is the ensemble of their sentences.
        case words([PromptLayout.Prompt])
        /// Images: the set's vector is their normalised mean.
        case images(EmbeddingBlock)
        /// A fitted direction.
        case direction([Float])
    }

    /// One category: the indices of its sets.
    struct PlannedCategory {
        let name: String
        let positive: Int
        let negative: Int?
        let probe: LinearProbe?
        let isComparedWithNeutral: Bool
    }

    private(set) var sets = [PlannedSet]()
    private(set) var categories = [PlannedCategory]()
    private(set) var neutral: Int?

    /// Plans the rows for a category file.
    ///
    /// - Throws: ``CLIPError`` with code `invalidLabels` if a category learns from images and has too few.
    init(_ file: CategoryFile, exemplars: Exemplars?) throws {
        for category in file.categories {
            let rule = file.rule(of: category)
            if rule.learnsFromImages {
                try add(category, rule, images: (exemplars ?? Exemplars([:])).images(of: category.name, for: rule))
            } else {
                add(category, templates: category.templates ?? file.templates)
            }
        }
        if !file.neutral.isEmpty {
            neutral = add("'neutral'", .words(Self.prompts(file.neutral, [])))
        }
    }

    /// The text encoder's input.
    var sentences: [String] { sets.flatMap { $0.content.prompts.flatMap(\.sentences) } }

    private mutating func add(_ category: CategoryFile.Category, templates: [String]) {
        let place = "category '\(category.name)'"
        let positive = add("'positive' of \(place)", .words(Self.prompts(category.positive, templates)))
        let negative =
            category.negative.isEmpty
            ? nil : add("'negative' of \(place)", .words(Self.prompts(category.negative, templates)))
        categories.append(
            PlannedCategory(
                name: category.name,
                positive: positive,
                negative: negative,
                probe: nil,
                isComparedWithNeutral: true
            )
        )
    }

    private mutating func add(_ category: CategoryFile.Category, _ rule: RuleChoice, images: Exemplars.Category) throws
    {
        let place = "the labelled images of category '\(category.name)'"
        var probe: LinearProbe?
        let positive: Int
        var negative: Int?
        if case .linearProbe(let regularization) = rule {
            let fitted = try LinearProbe(category: category.name, images, regularization: regularization)
            positive = add(place, .direction(fitted.direction))
            probe = fitted
        } else {
            positive = add(place, .images(images.positive))
            if !images.negative.ids.isEmpty {
                negative = add("the images outside of \(place)", .images(images.negative))
            }
        }
        categories.append(
            PlannedCategory(
                name: category.name,
                positive: positive,
                negative: negative,
                probe: probe,
                isComparedWithNeutral: false
            )
        )
    }

    private mutating func add(_ name: String, _ content: Content) -> Int {
        sets.append(PlannedSet(name: name, content: content))
        return sets.count - 1
    }

    private static func prompts(_ texts: [String], _ templates: [String]) -> [PromptLayout.Prompt] {
        texts.map { text in
            PromptLayout.Prompt(text: text, sentences: PromptTemplate.sentences(text, templates))
        }
    }
}

extension PromptPlan.Content {
    /// The contents of the columns of single prompts.
    var prompts: [PromptLayout.Prompt] {
        switch self {
        case .words(let prompts): prompts
        case .images(let images): images.ids.map { PromptLayout.Prompt(text: $0, sentences: []) }
        case .direction: []
        }
    }
}
