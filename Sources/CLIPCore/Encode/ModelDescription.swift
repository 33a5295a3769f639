/// What the rest of the library needs to know of a model.
public struct ModelDescription: Sendable, Hashable {
    /// The name for people, for example `ViT-B-32/laion2b_s34b_b79k`.
    public let name: String
    /// Identity of the model: embeddings and prompts belong together when it is the same.
    ///
    /// For a model bundle this is the SHA-256 of its `model.json`, which in turn names the SHA-256 of every other file.
    public let identity: String
    /// Length of the model's vectors.
    public let embeddingDimension: Int
    /// How images are prepared for the model.
    public let preprocessing: PreprocessingSpec
    /// The factor, already exponentiated, that turns cosines into logits; `nil` when the model does not say.
    public let logitScale: Double?
    /// The term added to logits, for models trained with a sigmoid loss.
    public let logitBias: Double?

    /// Creates a description.
    public init(
        name: String,
        identity: String,
        embeddingDimension: Int,
        preprocessing: PreprocessingSpec,
        logitScale: Double? = nil,
        logitBias: Double? = nil
    ) {
        precondition(embeddingDimension > 0, "a vector has at least one value")
        self.name = name
        self.identity = identity
        self.embeddingDimension = embeddingDimension
        self.preprocessing = preprocessing
        self.logitScale = logitScale
        self.logitBias = logitBias
    }

    /// Checks what an encoder returned for a batch.
    package func requireShape(of embeddings: EmbeddingMatrix, count: Int) throws {
        guard embeddings.count == count, embeddings.dimension == embeddingDimension else {
            throw CLIPError(
                .inference,
                "The model \(name) returned \(embeddings.count) vectors of dimension \(embeddings.dimension) for a batch "
                    + "of \(count); expected dimension \(embeddingDimension)."
            )
        }
    }
}
