package import CLIPCore

/// Encodes images with a TorchScript module.
///
/// The module takes unsigned 8-bit RGB images in NHWC order and returns vectors of length 1: scaling, mean, standard
/// deviation and normalisation are inside. Make one with ``ModelBundle/imageEncoder(device:)``.
///
/// With a model of precision `int8`, a vector depends a little on the other images of its batch, because activations are
/// quantised over the whole of it. In every other precision it is the image's own, up to the last bits of a float.
package struct TorchImageEncoder: ImageEncoder {
    /// The model behind the encoder.
    package let model: ModelDescription
    private let module: LazyTorchModule
    private let thread: InferenceThread

    init(model: ModelDescription, module: LazyTorchModule, thread: InferenceThread) {
        self.model = model
        self.module = module
        self.thread = thread
    }

    /// Encodes a batch.
    ///
    /// - Returns: One vector of length 1 for each item of the batch, in its order.
    /// - Throws: `CLIPError` with code `inference`, or what loading the module throws when that was left for now.
    package func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        precondition(
            batch.height == model.preprocessing.height && batch.width == model.preprocessing.width,
            "the batch has another image size than the model"
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

/// Encodes texts with a TorchScript module.
///
/// The module takes token ids, padded, and returns vectors of length 1. Make one with
/// ``ModelBundle/textEmbedder(device:)``.
package struct TorchTextEncoder: TextEncoder {
    /// The model behind the encoder.
    package let model: ModelDescription
    private let module: TorchModule
    private let thread: InferenceThread

    init(model: ModelDescription, module: TorchModule, thread: InferenceThread) {
        self.model = model
        self.module = module
        self.thread = thread
    }

    /// Encodes a batch.
    ///
    /// - Returns: One vector of length 1 for each item of the batch, in its order.
    /// - Throws: `CLIPError` with code `inference`.
    package func encode(_ tokens: TokenBatch) async throws -> EmbeddingMatrix {
        try await thread.run { [module, model] in
            try module.run(tokens.ids, shape: [tokens.count, tokens.length], dimension: model.embeddingDimension)
        }
    }
}
