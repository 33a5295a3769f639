extension Classifier {
    /// Classifies all images of a store, several blocks in parallel.
    ///
    /// All decisions are kept in memory: `images × categories` items of 24 bytes. To take them block by block, use
    /// ``decisions(of:)``.
    ///
    /// - Parameter store: Vectors of the bank's model.
    /// - Returns: The decisions in store order, with the images' ids.
    /// - Throws: ``CLIPError`` with code `modelMismatch` if the store was created with another model, `unreadable`,
    ///   `corruptData` or `invalidEmbeddings`.
    public func classify(_ store: some EmbeddingReader) async throws -> Decisions {
        if let model = bank.model { try store.provenance.requireModel(model, store: store.name) }
        return try await BlockingPool(threads: 1).run {
            var (ids, evidence, outcomes) = ([String](), [Evidence](), [Outcome]())
            try store.forEachBlockInParallel { block in
                (ids: block.ids, decisions: try classify(block.embeddings))
            } body: { block in
                let decisions = block.decisions
                ids += block.ids
                evidence += decisions.evidence
                outcomes += decisions.outcomes
            }
            return Decisions(
                ids: ids,
                categories: limits.names,
                evidence: evidence,
                outcomes: outcomes,
                basis: basis
            )
        }
    }

    /// Classifies the images of a store block by block.
    ///
    /// ```swift
    /// let results = try CSVResultWriter(path: "results.csv", classifier: classifier)
    /// for try await decisions in try classifier.decisions(of: store) {
    ///     try results.append(decisions)
    /// }
    /// try results.finish()
    /// ```
    ///
    /// - Parameter store: Vectors of the bank's model.
    /// - Returns: The decisions for each block in store order, with the images' ids. Iterating throws what reading the
    ///   store throws.
    /// - Throws: ``CLIPError`` with code `modelMismatch` if the store was created with another model.
    public func decisions(of store: some EmbeddingReader) throws -> some AsyncSequence<Decisions, any Error> {
        if let model = bank.model { try store.provenance.requireModel(model, store: store.name) }
        return store.blocks().map { try classify($0.embeddings, ids: $0.ids) }
    }
}
