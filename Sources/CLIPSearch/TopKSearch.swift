public import CLIPCore

/// Finds the images of a store that are nearest to queries, exactly.
///
/// Every vector of the store is compared with every query, in one matrix product a block. Memory is bounded by a block and
/// the hits that are kept, whatever the size of the store.
///
/// ```swift
/// let search = try await TopKSearch(texts: ["a dog", "a cat"], embedder: bundle.textEmbedder(), k: 20)
/// let hits = try search.run(store)
/// hits[0].first  // the image nearest to "a dog": its id and cosine
/// ```
public struct TopKSearch: Sendable {
    private static let blockRows = 4096

    package let queries: EmbeddingMatrix
    private let model: ModelDescription?
    private let k: Int

    /// Searches for vectors.
    ///
    /// - Parameters:
    ///   - queries: One vector of length 1 a query.
    ///   - model: The model that embedded them. A store of another model is refused; with `nil`, only one of another dimension.
    ///   - k: How many images to find for each, at least 1; all of a smaller store.
    public init(queries: EmbeddingMatrix, model: ModelDescription? = nil, k: Int) {
        precondition(k > 0, "at least one image is searched for")
        self.queries = queries
        self.model = model
        self.k = k
    }

    /// Searches for texts.
    ///
    /// - Parameters:
    ///   - texts: One text a query.
    ///   - embedder: Embeds them with the store's model.
    ///   - k: How many images to find for each, at least 1.
    /// - Throws: What the embedder throws.
    public init(texts: [String], embedder: some TextEmbedding, k: Int) async throws {
        self.init(queries: try await embedder.embed(texts), model: embedder.model, k: k)
    }

    /// Searches for images like some of a store's own, which are among the hits.
    ///
    /// - Parameters:
    ///   - ids: The images, one a query.
    ///   - store: Where they are embedded.
    ///   - k: How many images to find for each, at least 1.
    /// - Throws: `CLIPError` with code `notFound` that names an image which the store lacks; what reading throws.
    public init(similarTo ids: [String], in store: some EmbeddingReader, k: Int) throws {
        let vectors = try zip(ids, store.vectors(for: ids)).map { id, vector in
            guard let vector else {
                throw CLIPError(
                    .notFound,
                    "\(store.name) has no image '\(id)'. Ids are those that 'embed' gave the images."
                )
            }
            return vector
        }
        let dimension = store.provenance.dimension
        self.init(queries: EmbeddingMatrix(dimension: dimension, values: vectors.flatMap(\.self)), k: k)
    }

    /// Searches a store.
    ///
    /// - Returns: For each query its hits, best first. Of hits with equal cosines the one that is stored first comes first.
    /// - Throws: `CLIPError` with code `modelMismatch` when models or dimensions differ, `invalidEmbeddings` when a query is not
    ///   of unit length; what the store throws.
    public func run(_ store: some EmbeddingReader) throws -> [[SearchHit]] {
        if let model { try store.provenance.requireModel(model, store: store.name) }
        guard queries.dimension == store.provenance.dimension else {
            throw CLIPError(
                .modelMismatch,
                "The vectors of \(store.name) have \(store.provenance.dimension) dimensions and the queries "
                    + "\(queries.dimension): they come from different models."
            )
        }
        if let row = queries.firstRowNotOfUnitLength() {
            throw CLIPError(.invalidEmbeddings, "Query \(row) has length \(queries.norm(row: row)) instead of 1.")
        }
        var best = [BestHits](repeating: BestHits(limit: k), count: queries.count)
        var position = 0
        try store.forEachBlock(rows: Self.blockRows) { block in
            let cosines = MatrixProduct.innerProducts(block.embeddings, queries, rows: queries.count)
            for query in best.indices {
                var bar = best[query].bar
                for row in block.ids.indices where cosines[row * best.count + query] > bar {
                    let cosine = cosines[row * best.count + query]
                    best[query].insert(SearchHit(id: block.ids[row], position: position + row, cosine: cosine))
                    bar = best[query].bar
                }
            }
            position += block.ids.count
        }
        return best.map { $0.sorted() }
    }
}
