public import CLIPCore
@_exported public import CLIPModels

extension ModelBundle {
    /// Loads the image encoder into libtorch.
    ///
    /// - Throws: What `imageEncoder(on:)` throws.
    public func imageEncoder(device: TorchDevice = .cpu) throws -> some ImageEncoder {
        try imageEncoder(on: .torch(device))
    }

    /// Creates a text embedder that libtorch runs.
    ///
    /// Tokenizer and text encoder are loaded on the model's thread when the first text without a cached vector is
    /// embedded. Errors in them, or in the device, appear only then.
    public func textEmbedder(device: TorchDevice = .cpu) -> some TextEmbedding {
        textEmbedder(on: .torch(device))
    }

    /// Processes the bundle's reference inputs with this library and libtorch, and compares the results.
    ///
    /// - Parameters:
    ///   - decoder: Decodes the reference images. It must not apply EXIF orientation, because the reference does not.
    ///   - device: The device to run the model on.
    /// - Returns: How closely each stage reproduces the reference.
    /// - Throws: What `check(decoder:on:)` throws.
    public func check(decoder: some ImageDecoder, device: TorchDevice = .cpu) async throws -> GoldenCheck {
        try await check(decoder: decoder, on: .torch(device))
    }
}
