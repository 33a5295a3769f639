public import CLIPPipeline

extension EmbeddingWorker {
    /// The columns of the input, sizes and limits.
    public struct Options: Sendable {
        package var idColumn: String?
        package var imageColumn: String?
        package var maximumRows: Int
        package var maximumBytes: Int
        package var run: EmbeddingRun.Options

        /// Creates options.
        ///
        /// - Parameters:
        ///   - idColumn: The column with ids: texts, integers, or another type as in ``TableSource/Options``. `nil` for
        ///     `id`.
        ///   - imageColumn: The column with bytes, paths or URIs. `nil` for the only one of `bytes`, `path` and `uri`.
        ///   - maximumRows: The maximum number of rows of a record batch.
        ///   - maximumBytes: The maximum size of a record batch in bytes, 1 GiB by default.
        ///   - run: Batch size, workers and reads; the rest concerns stores and has no effect.
        public init(
            idColumn: String? = nil,
            imageColumn: String? = nil,
            maximumRows: Int = 1 << 16,
            maximumBytes: Int = 1 << 30,
            run: EmbeddingRun.Options = EmbeddingRun.Options()
        ) {
            self.idColumn = idColumn
            self.imageColumn = imageColumn
            self.maximumRows = maximumRows
            self.maximumBytes = maximumBytes
            self.run = run
        }
    }
}
