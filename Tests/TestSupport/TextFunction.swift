package import CLIPCore
internal import CLIPTesting

/// A text embedder that is a function.
package struct TextFunction: TextEmbedding {
    package let model: ModelDescription
    private let body: @Sendable ([String]) async throws -> EmbeddingMatrix

    package init(model: ModelDescription, _ body: @escaping @Sendable ([String]) async throws -> EmbeddingMatrix) {
        self.model = model
        self.body = body
    }

    package func embed(_ texts: [String]) async throws -> EmbeddingMatrix {
        try await body(texts)
    }
}

extension PromptBank {
    /// A bank whose texts a function embeds, with a model of the dimension.
    package init(
        _ file: CategoryFile,
        exemplars: Exemplars? = nil,
        dimension: Int,
        embed: @escaping @Sendable (_ texts: [String]) async throws -> EmbeddingMatrix
    ) async throws {
        let embedder = TextFunction(model: .stub(dimension: dimension), embed)
        try await self.init(file, embedder: embedder, exemplars: exemplars)
    }
}

extension Classifier {
    /// A classifier that scores all categories by one rule.
    package init(_ file: CategoryFile, bank: PromptBank, rule: some ScoringRule) throws {
        var file = file
        file.rule = .custom(rule)
        try self.init(file, bank: bank)
    }
}
