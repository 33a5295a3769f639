public import CLIPCore

extension Conformance {
    /// Checks that an image encoder returns one unit vector per image, in order, and the same alone as in a batch.
    ///
    /// - Parameters:
    ///   - encoder: The encoder.
    ///   - tolerance: How much a value may differ between batches; numerical libraries use different kernels for
    ///     different sizes.
    /// - Throws: ``Violation``, and what the encoder throws.
    public static func check(_ encoder: some ImageEncoder, tolerance: Float = 1e-4) async throws {
        let spec = encoder.model.preprocessing
        let images = (0..<3).map { image in
            (0..<spec.byteCount).map { UInt8(truncatingIfNeeded: $0 &* (2 * image + 1)) }
        }
        try await checkVectors(of: images, "image", model: encoder.model, tolerance: tolerance) { images in
            var batch = ImageBatch(height: spec.height, width: spec.width)
            for image in images { batch.append(image) }
            return try await encoder.encode(batch)
        }
    }

    /// Checks that a text encoder and its tokenizer give one unit vector per text, in order, and the same alone as in a
    /// batch.
    ///
    /// - Parameters:
    ///   - encoder: The encoder.
    ///   - tokenizer: Produces the encoder's token ids.
    ///   - texts: Different texts of different lengths.
    ///   - tolerance: How much a value may differ between batches; numerical libraries use different kernels for
    ///     different sizes.
    /// - Throws: ``Violation``, and what the tokenizer and the encoder throw.
    public static func check(
        _ encoder: some TextEncoder,
        tokenizer: some Tokenizer,
        texts: [String] = ["a cat", "a photo of a red car", "two dogs on the beach in winter"],
        tolerance: Float = 1e-4
    ) async throws {
        try await checkVectors(of: texts, "text", model: encoder.model, tolerance: tolerance) { texts in
            try await encoder.encode(tokenizer.batch(texts))
        }
    }

    private static func checkVectors<Item>(
        of items: [Item],
        _ name: String,
        model: ModelDescription,
        tolerance: Float,
        encode: ([Item]) async throws -> EmbeddingMatrix
    ) async throws {
        let together = try await encode(items)
        try require(
            together.count == items.count,
            "a batch of \(items.count) gave \(together.count) vectors: return one for each \(name), in the batch's order"
        )
        try require(
            together.dimension == model.embeddingDimension,
            "vectors have \(together.dimension) values, and model.embeddingDimension is \(model.embeddingDimension): make "
                + "them equal"
        )
        try requireUnitLength(together, name)
        for (index, item) in items.enumerated() {
            let alone = try await encode([item])
            try require(alone.count == 1, "a batch of 1 gave \(alone.count) vectors: return one for each \(name)")
            let difference = zip(alone[row: 0], together[row: index]).map { abs($0 - $1) }.max() ?? 0
            try require(
                difference <= tolerance,
                "\(name) \(index) has a different vector alone than in a batch, values differ by up to \(difference): let no "
                    + "\(name) change the vector of another one, and keep the order, or allow a larger tolerance"
            )
        }
    }

    private static func requireUnitLength(_ vectors: EmbeddingMatrix, _ name: String) throws {
        guard let row = vectors.firstRowNotOfUnitLength() else { return }
        throw Violation(
            description:
                "the vector of \(name) \(row) has length \(vectors.norm(row: row)): divide each vector by its length "
                + "before it is returned (EmbeddingMatrix.normalized())"
        )
    }
}
