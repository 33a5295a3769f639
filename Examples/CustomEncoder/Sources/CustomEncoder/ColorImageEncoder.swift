import CLIPCore

/// Encodes an image as its mean colour.
struct ColorImageEncoder: ImageEncoder {
    let model = ColorSpace.model
    /// Computing blocks a thread, which must not be one of Swift's cooperative pool.
    private let thread = InferenceThread()

    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        try await thread.run { try ColorSpace.vectors(batch.map(meanColor)) }
    }
}

/// The mean red, green and blue of an image, 0…1.
private func meanColor(_ image: ArraySlice<UInt8>) -> [Float] {
    (0..<3).map { channel in
        let bytes = stride(from: image.startIndex + channel, to: image.endIndex, by: 3)
        return bytes.reduce(0) { $0 + Float(image[$1]) / 255 } / Float(image.count / 3)
    }
}
