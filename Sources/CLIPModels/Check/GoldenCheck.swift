public import CLIPCore
internal import CLIPDigest

/// How closely this library reproduces the reference outputs of a bundle.
public struct GoldenCheck: Sendable {
    /// The largest deviations of a set of vectors from the reference.
    package struct Agreement: Sendable, Hashable {
        /// The number of vectors compared.
        package let count: Int
        /// The smallest cosine similarity to the reference; 1 is perfect.
        package let worstCosine: Double
        /// The largest absolute difference of a single value.
        package let largestDifference: Double
    }

    /// The cosine similarity to the reference that every vector must reach: 0.99999 for an exact model, otherwise the
    /// value in the bundle, or 0.999 in bf16 and 0.995 in int8 if the bundle names none.
    package let requiredCosine: Double
    /// The number of images whose preprocessed bytes equal the reference's, and the number compared.
    package let preprocessing: (equal: Int, count: Int)
    /// The number of texts whose token ids equal the reference's, and the number compared.
    package let tokens: (equal: Int, count: Int)
    /// The agreement of image embeddings with the reference.
    package let images: Agreement
    /// The agreement of text embeddings with the reference.
    package let texts: Agreement

    /// The smallest cosine similarity of an image or text embedding to the reference; 1 is perfect.
    package var worstCosine: Double { min(images.worstCosine, texts.worstCosine) }

    /// Whether all results agree: preprocessed bytes and token ids are equal, every vector reaches the required cosine
    /// similarity, and no value of an exact model differs by 0.0001 or more.
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
    /// Processes the bundle's reference inputs with this library, from file to vector, in the bundle's precision, and
    /// compares the results.
    ///
    /// All files are read and verified first; caches are not used.
    ///
    /// - Parameters:
    ///   - decoder: Decodes the reference images. It must not apply EXIF orientation, because the reference does not.
    ///   - engine: Runs the model; the bundle's own, which `model.json` names.
    /// - Returns: How closely each stage reproduces the reference.
    /// - Throws: `CLIPError` with code `invalidModel` if a file is missing or modified or the reference data is
    ///   incomplete; what decoding and encoding throw.
    public func check(decoder: some ImageDecoder, on engine: InferenceEngine) async throws -> GoldenCheck {
        try verifyFiles()
        let golden = try GoldenData(self)
        let images = try golden.images.map { image in
            let decoded = try decoder.decode(FileBytes.read(file(image.file)))
            return (image, try ImagePreprocessor(spec: model.preprocessing).preprocess(decoded))
        }
        var batch = ImageBatch(height: model.preprocessing.height, width: model.preprocessing.width)
        for (_, pixels) in images { batch.append(pixels) }
        // Encode texts one at a time, as the bundle's own embedder does.
        let embedder = try TextEmbedder(tokenizer: tokenizer(), encoder: textEncoder(on: engine), batchSize: 1)
        let tokens = try golden.texts.map { ($0, try embedder.tokenizer.tokenize($0.text)) }
        return GoldenCheck(
            requiredCosine: golden.requiredCosine(model.precision) ?? GoldenCheck.exactCosine,
            preprocessing: (images.count { SHA256.hexadecimal(of: $1) == $0.preprocessedSHA256 }, images.count),
            tokens: (tokens.count { $1 == $0.tokenIds }, tokens.count),
            images: golden.compare(
                try await imageEncoder(on: engine).encode(batch),
                rows: golden.images.map(\.row)
            ),
            texts: golden.compare(
                try await embedder.embed(golden.texts.map(\.text)),
                rows: golden.texts.map(\.row)
            )
        )
    }
}
