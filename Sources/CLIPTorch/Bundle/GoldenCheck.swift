public import CLIPCore
internal import CLIPDigest

/// How far this library's results are from the reference outputs in a bundle.
public struct GoldenCheck: Sendable {
    /// The worst of some vectors against the reference.
    package struct Agreement: Sendable, Hashable {
        /// Number of vectors compared.
        package let count: Int
        /// Smallest cosine with the reference; 1 is perfect.
        package let worstCosine: Double
        /// Largest difference of a single value.
        package let largestDifference: Double
    }

    /// The cosine with the reference that every vector must reach: 0.99999 for an exact model, and what its bundle says
    /// for one of reduced precision.
    package let requiredCosine: Double
    /// Images whose preprocessed bytes equal the reference's, and images compared.
    package let preprocessing: (equal: Int, count: Int)
    /// Texts whose token ids equal the reference's, and texts compared.
    package let tokens: (equal: Int, count: Int)
    /// Image embeddings against the reference's.
    package let images: Agreement
    /// Text embeddings against the reference's.
    package let texts: Agreement

    /// Smallest cosine of an image or text embedding with the reference's; 1 is perfect.
    public var worstCosine: Double { min(images.worstCosine, texts.worstCosine) }

    /// Whether everything agrees: preprocessed bytes and token ids are equal, every vector reaches the required cosine,
    /// and no value of an exact model differs by 0.0001 or more.
    public var passes: Bool {
        let isExact = requiredCosine >= Self.exactCosine
        return preprocessing.equal == preprocessing.count && tokens.equal == tokens.count
            && [images, texts].allSatisfy { agreement in
                agreement.worstCosine >= requiredCosine && (!isExact || agreement.largestDifference < 1e-4)
            }
    }

    static let exactCosine = 0.99999
}

extension ModelBundle {
    /// Runs the bundle's reference inputs through this library, from file to vector, and compares.
    ///
    /// Every file is read and checked first, and nothing that is remembered is used.
    ///
    /// - Parameters:
    ///   - decoder: Decodes the reference images. It must not apply EXIF orientation, which the reference does not.
    ///   - device: Where the model runs.
    /// - Returns: How far each stage is from the reference.
    /// - Throws: `CLIPError` with code `invalidModel` when a file is missing or altered or the reference data is
    ///   incomplete, and what decoding and encoding throw.
    public func check(decoder: some ImageDecoder, device: TorchDevice = .cpu) async throws -> GoldenCheck {
        try verifyFiles()
        let golden = try GoldenData(self)
        let images = try golden.images.map { image in
            let decoded = try decoder.decode(FileBytes.read(file(image.file)))
            return (image, try ImagePreprocessor(spec: model.preprocessing).preprocess(decoded))
        }
        var batch = ImageBatch(height: model.preprocessing.height, width: model.preprocessing.width)
        for (_, pixels) in images { batch.append(pixels) }
        // Each text by itself, as the bundle's own embedder encodes.
        let embedder = try TextEmbedder(tokenizer: tokenizer(), encoder: textEncoder(device: device), batchSize: 1)
        let tokens = try golden.texts.map { ($0, try embedder.tokenizer.tokenize($0.text)) }
        return GoldenCheck(
            requiredCosine: golden.requiredCosine ?? GoldenCheck.exactCosine,
            preprocessing: (images.count { SHA256.hexadecimal(of: $1) == $0.preprocessedSHA256 }, images.count),
            tokens: (tokens.count { $1 == $0.tokenIds }, tokens.count),
            images: golden.compare(
                try await imageEncoder(device: device).encode(batch),
                rows: golden.images.map(\.row)
            ),
            texts: golden.compare(
                try await embedder.embed(golden.texts.map(\.text)),
                rows: golden.texts.map(\.row)
            )
        )
    }
}
