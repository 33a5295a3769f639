internal import CLIPCore
public import CLIPPipeline

extension ParquetEmbeddingWriter {
    /// How a store is written.
    public struct Options: Sendable, Hashable {
        /// Representation of the vectors' values.
        public var elementType = EmbeddingElementType.float32
        /// Vectors in one file at most.
        public var rowsPerPart = 50_000
        /// Vectors are durable at the latest when the first vector after this time comes.
        public var commitInterval = Duration.seconds(60)
        /// Where the images are, kept with the store for programs that look at them again; see
        /// `SourceRecord.withoutSecrets`.
        public var sources: SourceRecord?

        /// Creates the default options.
        public init() {}
    }
}
