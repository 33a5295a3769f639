internal import ArgumentParser
internal import CLIPCore
internal import CLIPImage
internal import CLIPTorch

/// What is searched for: texts, then images, each with a weight.
struct SearchQuery {
    let texts: [String]
    let images: [String]
    /// One number a text and image; `nil` searches for each by itself.
    let weights: [Double]?

    /// Names of the queries, in the order of ``vectors(bundle:device:orientation:)``.
    var names: [String] { texts + images }

    /// - Throws: `ValidationError` when there is nothing to search for, a text is empty, or there is not one weight for each.
    init(texts: [String], images: [String], weights: QueryWeights?, searchesEach: Bool) throws {
        let count = texts.count + images.count
        guard count > 0 else { throw ValidationError("Give a text or --image to search for.") }
        guard texts.allSatisfy({ !$0.allSatisfy(\.isWhitespace) }) else {
            throw ValidationError("A text to search for is empty.")
        }
        if let weights, weights.values.count != count {
            throw ValidationError(
                "--weights has \(weights.values.count) numbers for \(count) queries; give one for each text, then one "
                    + "for each --image."
            )
        }
        self.texts = texts
        self.images = images
        self.weights = searchesEach ? nil : weights?.values ?? [Double](repeating: 1, count: count)
    }

    /// One vector, or one a text and image.
    ///
    /// Texts are used as they are, without templates. Images are prepared as those of the store were.
    func vectors(
        bundle: ModelBundle,
        device: TorchDevice,
        orientation: OrientationOption
    ) async throws -> EmbeddingMatrix {
        var vectors = EmbeddingMatrix(dimension: bundle.model.embeddingDimension)
        if !texts.isEmpty {
            vectors.append(contentsOf: try await bundle.textEmbedder(device: device).embed(texts))
        }
        if !images.isEmpty {
            let encoder = try bundle.imageEncoder(device: device)
            let decoder = ImageFileDecoder(options: .init(orientation: orientation.value))
            let embedder = ImageEmbedder(decoder: decoder, encoder: encoder)
            for image in images { vectors.append(try await embedder.embed(path: image)) }
        }
        return try weights.map { try vectors.weightedDirection($0) } ?? vectors
    }
}

/// The value of `--weights`: numbers separated by commas.
struct QueryWeights: ExpressibleByArgument {
    let values: [Double]

    init?(argument: String) {
        values = argument.split(separator: ",", omittingEmptySubsequences: false).compactMap {
            Double($0).flatMap { $0.isFinite ? $0 : nil }
        }
        guard values.count == argument.count(where: { $0 == "," }) + 1 else { return nil }
    }
}
