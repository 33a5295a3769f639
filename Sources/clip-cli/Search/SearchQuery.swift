internal import ArgumentParser
internal import CLIPCore
internal import CLIPImage
internal import CLIPModels
internal import CLIPPipeline

/// A query: texts, then images, each with a weight.
struct SearchQuery {
    let texts: [String]
    let images: [String]
    /// One weight per text and image; `nil` makes each its own query.
    let weights: [Double]?

    /// Names of the queries, in the order of ``vectors(bundle:engine:decoder:)``.
    var names: [String] { texts + images }

    /// - Throws: `ValidationError` when there is no text or image, a text is empty, or the number of weights differs.
    init(texts: [String], images: [String], weights: QueryWeights?, isSeparate: Bool) throws {
        let count = texts.count + images.count
        guard count > 0 else { throw ValidationError("Pass a text or --image to search with.") }
        guard texts.allSatisfy({ !$0.allSatisfy(\.isWhitespace) }) else {
            throw ValidationError("A search text is empty.")
        }
        if let weights, weights.values.count != count {
            throw ValidationError(
                "--weights has \(weights.values.count) numbers for \(count) texts and images. Pass one per text, then one "
                    + "per --image."
            )
        }
        self.texts = texts
        self.images = images
        self.weights = isSeparate ? nil : weights?.values ?? [Double](repeating: 1, count: count)
    }

    /// One vector, or one per text and image.
    ///
    /// Texts are used as given, without templates. The decoder handles orientation as for the store.
    func vectors(
        bundle: ModelBundle,
        engine: InferenceEngine,
        decoder: ImageFileDecoder
    ) async throws -> EmbeddingMatrix {
        var vectors = EmbeddingMatrix(dimension: bundle.model.embeddingDimension)
        if !texts.isEmpty {
            vectors.append(contentsOf: try await bundle.textEmbedder(on: engine).embed(texts))
        }
        if !images.isEmpty {
            let encoder = try bundle.imageEncoder(on: engine)
            for image in images {
                let embedder = ImageEmbedder(decoder: WarningDecoder(decoder, file: image), encoder: encoder)
                vectors.append(try await embedder.embed(path: image))
            }
        }
        return try weights.map { try vectors.weightedDirection($0) } ?? vectors
    }
}

/// The value of `--weights`: numbers separated by commas.
struct QueryWeights {
    let values: [Double]

    init(argument: String) throws {
        values = argument.split(separator: ",", omittingEmptySubsequences: false).compactMap {
            Double($0).flatMap { $0.isFinite ? $0 : nil }
        }
        guard values.count == argument.count(where: { $0 == "," }) + 1 else {
            throw ValidationError("It must be numbers separated by commas, such as 1,-0.5.")
        }
    }
}
