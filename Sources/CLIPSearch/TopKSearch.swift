public import CLIPCore

/// Finds the images of a store that are nearest to queries, by exact search.
///
/// Every vector of the store is compared with every query, with one matrix product per block. Memory is bounded by a
/// block and the kept hits, whatever the size of the store.
///
/// ```swift
/// let search = try await TopKSearch(texts: ["a dog", "a cat"], embedder: bundle.textEmbedder(), k: 20)
/// let hits = try search.run(store)
/// hits[0].first  // the image nearest to "a dog": its id and cosine
/// ```
public struct TopKSearch: Sendable {
    private static let blockRows = 4096

    package let queries: EmbeddingMatrix
    private let model: (name: String, identity: String)?
    private let k: Int

    /// Creates a search for vectors.
    ///
    /// - Parameters:
    ///   - queries: One unit vector per query.
    ///   - model: The model that embedded the queries. A store of another model is refused; with `nil`, only one of
    ///     another dimension.
    ///   - k: The number of images to find per query, at least 1; a smaller store returns all its images.
    public init(queries: EmbeddingMatrix, model: ModelDescription? = nil, k: Int) {
        self.init(queries: queries, model: model.map { ($0.name, $0.identity) }, k: k)
    }

    private init(queries: EmbeddingMatrix, model: (name: String, identity: String)?, k: Int) {
        precondition(k > 0, "at least one image is searched for")
        self.queries = queries
        self.model = model
        self.k = k
    }

    /// Creates a search for texts.
    ///
    /// - Parameters:
    ///   - texts: One text per query.
    ///   - embedder: Embeds the texts with the store's model.
    ///   - k: The number of images to find per query, at least 1.
    /// - Throws: What the embedder throws.
    public init(texts: [String], embedder: some TextEmbedding, k: Int) async throws {
        self.init(queries: try await embedder.embed(texts), model: embedder.model, k: k)
    }

    /// Creates a search for images similar to some images of a store.
    ///
    /// It can search this store, where these images are themselves among the hits, and other stores of the same model.
    ///
    /// - Parameters:
    ///   - ids: The images, one per query.
    ///   - store: The store that contains them.
    ///   - k: The number of images to find per query, at least 1.
    /// - Throws: `CLIPError` with code `notFound` that names an image missing from the store; what reading throws.
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
        let provenance = store.provenance
        self.init(
            queries: EmbeddingMatrix(dimension: provenance.dimension, values: vectors.flatMap(\.self)),
            model: (provenance.modelName, provenance.modelIdentity),
            k: k
        )
    }

    /// Searches a store.
    ///
    /// - Returns: The hits of each query, best first. Hits with equal cosines are in store order.
    /// - Throws: `CLIPError` with code `modelMismatch` if models or dimensions differ, `invalidEmbeddings` if a query
    ///   is not of unit length; what the store throws.
    public func run(_ store: some EmbeddingReader) throws -> [[SearchHit]] {
        if let model {
            try store.provenance.requireModel(name: model.name, identity: model.identity, store: store.name)
        }
        guard queries.dimension == store.provenance.dimension else {
            throw CLIPError(
                .modelMismatch,
                "The vectors of \(store.name) have \(store.provenance.dimension) dimensions and the queries "
                    + "\(queries.dimension): they come from different models."
            )
        }
        if let row = queries.firstRowNotOfUnitLength() {
            throw CLIPError(
                .invalidEmbeddings,
                "Query \(row) has length \(queries.norm(row: row)), not 1. Normalise the queries before the search."
            )
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
