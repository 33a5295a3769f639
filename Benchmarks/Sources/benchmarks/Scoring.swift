import CLIPCore

/// A block of images and categories with three positive and three negative prompts each.
struct Scoring {
    let file: CategoryFile
    let classifier: Classifier
    private let images: EmbeddingMatrix

    init(images count: Int, categories: Int, dimension: Int) async throws {
        var numbers = Numbers()
        let images = try EmbeddingMatrix(dimension: dimension, values: numbers.floats(count * dimension)).normalized()
        let file = CategoryFile(
            categories: (0..<categories).map { category in
                .init(
                    name: "\(category)",
                    positive: (0..<3).map { "\(category) is \($0)" },
                    negative: (0..<3).map { "\(category) is not \($0)" },
                    threshold: 0.1
                )
            },
            neutral: (0..<4).map { "neutral \($0)" }
        )
        let texts = Set(file.categories.flatMap { $0.positive + $0.negative } + file.neutral)
        let vectors = texts.sorted().map { ($0, numbers.floats(dimension)) }
        let bank = try PromptBank(file, vectors: Dictionary(uniqueKeysWithValues: vectors))
        self.file = file
        self.images = images
        self.classifier = try Classifier(file, bank: bank)
    }

    func run() throws {
        _ = try classifier.classify(images)
    }
}
