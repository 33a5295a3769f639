internal import CLIPCore

/// Encodes images with a bundle's encoder.
///
/// The encoder takes unsigned 8-bit RGB images in NHWC order and returns vectors of length 1; scaling, mean, standard
/// deviation and normalisation are included. Create one with ``ModelBundle/imageEncoder(on:)``.
///
/// On a CPU, a vector has the same bits whatever the other images in its batch.
struct ModuleImageEncoder: BatchInvariance {
    /// The model behind the encoder.
    let model: ModelDescription
    let module: LazyModule
    /// On a CPU, images run in parts that do not influence each other.
    let isBatchInvariant: Bool
    /// The thread to run on.
    let thread: InferenceThread

    /// Encodes a batch.
    ///
    /// - Returns: One vector of length 1 per image, in batch order.
    /// - Throws: `CLIPError` with code `inference` or `outOfMemory`, or what loading the module throws if it is loaded on
    ///   first use.
    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        precondition(
            batch.height == model.preprocessing.height && batch.width == model.preprocessing.width,
            "the batch must have the model's image size"
        )
        return try await thread.run { [module, model] in
            try module.loaded().run(
                batch.pixels,
                shape: [batch.count, batch.height, batch.width, 3],
                dimension: model.embeddingDimension
            )
        }
    }
}

/// Encodes texts with a bundle's encoder.
///
/// The encoder takes padded token ids and returns vectors of length 1. Create one with
/// ``ModelBundle/textEmbedder(on:)``.
struct ModuleTextEncoder: TextEncoder {
    /// The model behind the encoder.
    let model: ModelDescription
    let module: any EncoderModule
    /// The thread to run on.
    let thread: InferenceThread

    /// Encodes a batch.
    ///
    /// - Returns: One vector of length 1 per text, in batch order.
    /// - Throws: `CLIPError` with code `inference` or `outOfMemory`.
    func encode(_ tokens: TokenBatch) async throws -> EmbeddingMatrix {
        try await thread.run { [module, model] in
            try module.run(
                tokens.ids,
                shape: [tokens.count, tokens.length],
                dimension: model.embeddingDimension
            )
        }
    }
}
