internal import CLIPCore
public import CLIPPipeline

extension ParquetStoreWriter {
    /// How a store is written.
    public struct Options: Sendable, Hashable {
        /// Representation of the vectors' values, 32-bit floats by default.
        public var elementType: EmbeddingElementType
        /// Vectors in one file at most; 50,000 by default.
        public var rowsPerPart: Int
        /// Vectors are durable at the latest when the first vector after this time comes; 60 s by default.
        public var commitInterval: Duration
        /// Where the images are, kept with the store for programs that look at them again; see
        /// `SourceRecord.withoutSecrets`.
        public var sources: SourceRecord?

        /// Creates options.
        public init(
            elementType: EmbeddingElementType = .float32,
            rowsPerPart: Int = 50_000,
            commitInterval: Duration = .seconds(60),
            sources: SourceRecord? = nil
        ) {
            self.elementType = elementType
            self.rowsPerPart = rowsPerPart
            self.commitInterval = commitInterval
            self.sources = sources
        }
    }
}
