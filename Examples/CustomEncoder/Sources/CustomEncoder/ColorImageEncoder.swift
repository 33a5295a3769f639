import CLIPCore

/// Encodes the mean colour of an image.
struct ColorImageEncoder: ImageEncoder {
    let model = colorModel
    /// Computing blocks a thread, which must not be one of Swift's cooperative pool.
    private let thread = InferenceThread()

    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        try await thread.run { try colorVectors(batch) }
    }
}
