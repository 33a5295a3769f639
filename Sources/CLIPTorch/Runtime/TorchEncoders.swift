package import CLIPCore

/// Encodes images with a TorchScript module.
///
/// The module takes unsigned 8-bit RGB images in NHWC order and returns vectors of length 1; scaling, mean, standard
/// deviation and normalisation are included. Create one with ``ModelBundle/imageEncoder(device:)``.
///
/// On a CPU, a vector has the same bits whatever the other images in its batch.
package struct TorchImageEncoder: ImageEncoder {
    /// The model behind the encoder.
    package let model: ModelDescription
    private let module: LazyTorchModule
    private let largestPart: Int
    private let thread: InferenceThread

    /// Creates an encoder.
    ///
    /// - Parameters:
    ///   - model: The model behind it.
    ///   - module: The module.
    ///   - largestPart: The number of images that run together, on the CPU on one thread.
    ///   - thread: The thread to run on.
    init(model: ModelDescription, module: LazyTorchModule, largestPart: Int, thread: InferenceThread) {
        self.model = model
        self.module = module
        self.largestPart = largestPart
        self.thread = thread
    }

    /// Encodes a batch.
    ///
    /// - Returns: One vector of length 1 per image, in batch order.
    /// - Throws: `CLIPError` with code `inference` or `outOfMemory`, or what loading the module throws if it is loaded on
    ///   first use.
    package func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        precondition(
            batch.height == model.preprocessing.height && batch.width == model.preprocessing.width,
            "the batch must have the model's image size"
        )
        return try await thread.run { [module, model, largestPart] in
            try module.loaded().run(
                batch.pixels,
                shape: [batch.count, batch.height, batch.width, 3],
                dimension: model.embeddingDimension,
                largestPart: largestPart
            )
        }
    }
}

/// Encodes texts with a TorchScript module.
///
/// The module takes padded token ids and returns vectors of length 1. Create one with
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
    /// - Returns: One vector of length 1 per text, in batch order.
    /// - Throws: `CLIPError` with code `inference` or `outOfMemory`.
    package func encode(_ tokens: TokenBatch) async throws -> EmbeddingMatrix {
        try await thread.run { [module, model] in
            try module.run(
                tokens.ids,
                shape: [tokens.count, tokens.length],
                dimension: model.embeddingDimension
            )
        }
    }
}
