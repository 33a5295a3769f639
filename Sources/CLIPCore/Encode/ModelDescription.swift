/// What the library needs to know about a model.
public struct ModelDescription: Sendable, Hashable {
    /// The display name, for example `ViT-B-32/laion2b_s34b_b79k`.
    public let name: String
    /// The model's identity: embeddings and prompts are compatible if their identities are equal.
    ///
    /// For a model bundle this is the SHA-256 of its `model.json`, which in turn records the SHA-256 of every other
    /// file.
    public let identity: String
    /// The length of the model's vectors.
    public let embeddingDimension: Int
    /// How images are preprocessed for the model.
    public let preprocessing: PreprocessingSpec
    /// The factor, already exponentiated, that converts cosine similarities to logits; `nil` if the model does not
    /// define one.
    public let logitScale: Double?
    /// The bias added to logits, for models trained with a sigmoid loss.
    public let logitBias: Double?
    /// The number format in which the image encoder computes; `nil` if it is not known.
    package var precision: String?
    /// The library that runs the encoders, as a bundle names it, for example `openvino`; `nil` if it is not known.
    package var engine: String?

    /// Creates a description.
    public init(
        name: String,
        identity: String,
        embeddingDimension: Int,
        preprocessing: PreprocessingSpec,
        logitScale: Double? = nil,
        logitBias: Double? = nil
    ) {
        precondition(embeddingDimension > 0, "the dimension must be positive")
        self.name = name
        self.identity = identity
        self.embeddingDimension = embeddingDimension
        self.preprocessing = preprocessing
        self.logitScale = logitScale
        self.logitBias = logitBias
    }

    /// Checks the shape of what an encoder returned for a batch.
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
