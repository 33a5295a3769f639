import CLIPCore

/// Encodes an image as its mean colour.
struct ColorImageEncoder: ImageEncoder {
    let model = ColorSpace.model

    func encode(_ batch: ImageBatch) throws -> EmbeddingMatrix {
        let byteCount = model.preprocessing.byteCount
        return try ColorSpace.vectors(
            (0..<batch.count).map { image in
                (0..<3).map { channel in
                    let bytes = stride(from: image * byteCount + channel, to: (image + 1) * byteCount, by: 3)
                    return bytes.reduce(0) { $0 + Float(batch.pixels[$1]) / 255 } / Float(byteCount / 3)
                }
            }
        )
    }
}
