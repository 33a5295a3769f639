public import CLIPCore

extension ImageEmbedder {
    /// Embeds all images of a source, and keeps their vectors in memory.
    ///
    /// ```swift
    /// let photos = try await embedder.embed(FolderSource(path: "photos"))
    /// print("\(photos.count) embedded, \(photos.failures.count) failed")
    /// ```
    ///
    /// The source's own options limit the size of files. For many images, write a store with an ``EmbeddingRun``, which reports progress and can be resumed.
    ///
    /// - Parameter source: The images.
    /// - Returns: The vectors by id, and the images that failed.
    /// - Throws: What ``EmbeddingRun/run(imageCount:control:)`` throws.
    public func embed(_ source: some ImageSource) async throws -> MemoryStore {
        let store = MemoryStore(model: encoder.model, decoder: decoder)
        try await EmbeddingRun(
            source: source,
            decoder: decoder,
            encoder: encoder,
            writer: store,
            options: EmbeddingRun.Options(batchSize: options.batchSize, decodeWorkers: options.decodeWorkers)
        ).run()
        return store
    }
}
