internal import CLIPCore

/// Cosines between the prompts of a category file.
///
/// A cosine means something different for each model: for two unrelated things, one model gives 0.2 and another 0.8.
/// Limits therefore apply not to cosines but to the normalised similarity ``relativeSimilarity(_:above:)``.
struct PromptCosines {
    /// Unrelated everyday things, to measure the cosine that a model gives for them.
    private static let unlikeThings = [
        "a dog", "a car", "a mountain", "a cup of coffee", "a building", "a page of text",
        "a flower", "a person", "a fish", "a chair", "a computer", "an airplane",
    ]

    /// The categories and their columns.
    let categories: [PromptLayout.Category]
    /// The mean cosine of unrelated things, in the file's templates.
    let background: Float
    private let bank: PromptBank
    private let cosines: [Float]

    /// Embeds the prompts of the categories; `nil` if there are none.
    ///
    /// - Parameters:
    ///   - described: The categories; they have positive descriptions.
    ///   - templates: The templates of the file.
    ///   - embedder: The model's text embedder.
    /// - Throws: What the embedder throws, and `CLIPError` with code `invalidEmbeddings` if the vectors of descriptions
    ///   cancel out.
    init?(
        _ described: [CategoryFile.Category],
        templates: [String],
        embedder: some TextEmbedding
    ) async throws {
        guard !described.isEmpty else { return nil }
        let things = try await PromptBank(
            CategoryFile(
                categories: Self.unlikeThings.map { .init(name: $0, positive: [$0], threshold: 0) },
                templates: templates
            ),
            embedder: embedder
        )
        bank = try await PromptBank(CategoryFile(categories: described, templates: templates), embedder: embedder)
        categories = bank.layout.categories
        cosines = MatrixProduct.innerProducts(bank.vectors, bank.vectors, rows: bank.vectors.count)
        let columns = things.layout.categories.map(\.positive.column)
        let unlike = columns.flatMap { first in
            columns.filter { $0 < first }.map { things.vectors.cosine(row: first, with: things.vectors, row: $0) }
        }
        background = unlike.reduce(0, +) / Float(unlike.count)
    }

    /// The cosine between two columns.
    func cosine(_ first: Int, _ second: Int) -> Float {
        cosines[first * bank.vectors.count + second]
    }

    /// The normalised similarity `(c − base) / (1 − base)` of a cosine c: 1 for equal vectors, 0 for vectors as similar
    /// as the base, and negative for less similar ones.
    func relativeSimilarity(_ cosine: Float, above base: Float) -> Float {
        (cosine - base) / (1 - base)
    }

    /// The description of a column.
    func text(_ column: Int) -> String {
        bank.layout.prompt(column: column).text
    }
}
