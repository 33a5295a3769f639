public import CLIPCore
internal import CNearest

/// Finds the phrases of a vocabulary that are nearest to images, by exact search.
///
/// Phrases that are near to all images say little about any of them. So nearness is the cosine with the image minus the
/// cosine with a background, for example the mean of all images.
///
/// ```swift
/// let search = NearestPhrases(vocabulary, count: 5)
/// try search.run(store) { block, hits in
///     print(block.ids[0], vocabulary.phrases[hits[0][0].phrase])  // "tabby cat"
/// }
/// ```
///
/// Products of 7-bit codes rule out most pairs on CPUs with AVX2, with bounds that allow for their rounding; all
/// others are compared in 32 bits.
public struct NearestPhrases: Sendable {
    /// A phrase near an image.
    public struct Hit: Sendable, Hashable {
        /// The phrase's position in the vocabulary.
        public let phrase: Int
        /// Its cosine with the image minus its cosine with the background.
        public let nearness: Float
    }

    private let vocabulary: EmbeddedVocabulary
    private let background: [Float]
    private let screen: PhraseScreen?
    private let count: Int

    /// Creates a search.
    ///
    /// - Parameters:
    ///   - vocabulary: The phrases.
    ///   - count: The number of phrases to find per image; a smaller vocabulary returns all its phrases.
    ///   - background: A vector of the model's dimension whose cosines are subtracted, for example the mean of all
    ///     images, not normalised; `nil` for plain cosines.
    /// - Precondition: `count` is positive.
    public init(_ vocabulary: EmbeddedVocabulary, count: Int, background: [Float]? = nil) {
        self.init(vocabulary, count: count, background: background, usesCodes: true)
    }

    package init(_ vocabulary: EmbeddedVocabulary, count: Int, background: [Float]?, usesCodes: Bool) {
        precondition(count > 0, "at least one phrase is searched for")
        precondition(background?.count ?? vocabulary.vectors.dimension == vocabulary.vectors.dimension)
        self.vocabulary = vocabulary
        self.count = min(count, vocabulary.phrases.count)
        self.background = background ?? [Float](repeating: 0, count: vocabulary.vectors.dimension)
        screen = usesCodes && cnearest_is_available() ? PhraseScreen(vocabulary.vectors) : nil
    }

    /// Finds the nearest phrases of images.
    ///
    /// - Parameter images: Unit vectors.
    /// - Returns: The phrases of each image, nearest first.
    /// - Throws: `CLIPError` with code `modelMismatch` if the images have another dimension than the phrases.
    package func hits(for images: EmbeddingMatrix) throws -> [[Hit]] {
        guard images.dimension == vocabulary.vectors.dimension else {
            throw CLIPError(
                .modelMismatch,
                "The embeddings have \(images.dimension) dimensions, the phrases have \(vocabulary.vectors.dimension): "
                    + "they come from different models."
            )
        }
        let rows = images.count
        let differences = EmbeddingMatrix(count: rows, dimension: images.dimension) { values in
            for row in 0..<rows {
                for (column, value) in background.enumerated() {
                    let index = row * background.count + column
                    values[index] = images.values[index] - value
                }
            }
        }
        return screen?.hits(for: differences, count: count) ?? comparedHits(for: differences)
    }

    /// Finds the nearest phrases of all images of a store, several blocks in parallel.
    ///
    /// - Parameters:
    ///   - store: Vectors of the vocabulary's model.
    ///   - body: Receives consecutive blocks in store order, with the phrases of each image.
    /// - Throws: `CLIPError` with code `modelMismatch` if the store was created with another model; what reading the
    ///   store and `body` throw.
    public func run(
        _ store: some EmbeddingReader,
        body: (_ block: EmbeddingBlock, _ hits: [[Hit]]) throws -> Void
    ) throws {
        try store.provenance.requireModel(vocabulary.model, store: store.name)
        try store.forEachBlockInParallel(rows: 1024) { block in
            (block: block, hits: try hits(for: block.embeddings))
        } body: { found in
            try body(found.block, found.hits)
        }
    }

    /// The nearest phrases by 32-bit products of all pairs.
    private func comparedHits(for images: EmbeddingMatrix) -> [[Hit]] {
        let phrases = vocabulary.phrases.count
        // 16 MiB of products at a time.
        let rowsAtATime = max(1, (4 << 20) / phrases)
        return stride(from: 0, to: images.count, by: rowsAtATime).flatMap { start in
            let rows = start..<min(start + rowsAtATime, images.count)
            let values = Array(images.values[rows.lowerBound * images.dimension..<rows.upperBound * images.dimension])
            let block = EmbeddingMatrix(dimension: images.dimension, values: values)
            let products = MatrixProduct.innerProducts(block, vocabulary.vectors, rows: phrases)
            return (0..<block.count).map { row in best(products[row * phrases..<(row + 1) * phrases]) }
        }
    }

    private func best(_ products: ArraySlice<Float>) -> [Hit] {
        var best = [Hit]()
        for (phrase, nearness) in products.enumerated() {
            if best.count == count {
                guard nearness > best[count - 1].nearness else { continue }
                best.removeLast()
            }
            let place = best.firstIndex { $0.nearness < nearness } ?? best.count
            best.insert(Hit(phrase: phrase, nearness: nearness), at: place)
        }
        return best
    }
}
