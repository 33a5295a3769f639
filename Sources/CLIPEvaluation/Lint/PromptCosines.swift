internal import CLIPCore

/// Cosines between the descriptions of a category file, as a model sees them.
///
/// Models differ in what a cosine means: for two unlike things one model gives 0.2 and another 0.8. So bounds are not
/// cosines but ``likeness(_:above:)``.
struct PromptCosines {
    /// Everyday things that are unlike each other, to measure what that means to a model.
    private static let unlikeThings = [
        "a dog", "a car", "a mountain", "a cup of coffee", "a building", "a page of text",
        "a flower", "a person", "a fish", "a chair", "a computer", "an airplane",
    ]

    /// The categories and their columns.
    let categories: [PromptLayout.Category]
    /// The mean cosine of unlike things, in the templates of the file.
    let background: Float
    private let bank: PromptBank
    private let cosines: [Float]

    /// Embeds the descriptions in their templates; `nil` when there are none.
    ///
    /// - Parameters:
    ///   - described: The categories; they have positive descriptions.
    ///   - templates: Those of the file.
    ///   - embedder: The model.
    /// - Throws: What the embedder throws, and `CLIPError` with code `invalidEmbeddings` when descriptions cancel out.
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

    /// The cosine of the vectors of two columns.
    func cosine(_ first: Int, _ second: Int) -> Float {
        cosines[first * bank.vectors.count + second]
    }

    /// How alike two vectors are: `(c − base) / (1 − base)` for their cosine c, 1 for the same, 0 for as alike as what the
    /// base was measured from, and less for what is less alike.
    func likeness(_ cosine: Float, above base: Float) -> Float {
        (cosine - base) / (1 - base)
    }

    /// The description that a column stands for.
    func text(_ column: Int) -> String {
        bank.layout.prompt(column: column).text
    }
}
