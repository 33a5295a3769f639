internal import CLIPCore
package import CLIPPipeline

extension ParquetStoreWriter {
    /// How a store is written.
    public struct Options: Sendable, Hashable {
        package var elementType: EmbeddingElementType
        package var rowsPerPart: Int
        package var commitInterval: Duration
        /// Where the images are, kept with the store for programs that look at them again; see
        /// `SourceRecord.withoutSecrets`.
        package var sources: SourceRecord?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - elementType: Representation of the vectors' values.
        ///   - rowsPerPart: Vectors in one file at most.
        ///   - commitInterval: Vectors are durable at the latest when the first vector after this time comes.
        public init(
            elementType: EmbeddingElementType = .float32,
            rowsPerPart: Int = 50_000,
            commitInterval: Duration = .seconds(60)
        ) {
            self.elementType = elementType
            self.rowsPerPart = rowsPerPart
            self.commitInterval = commitInterval
        }
    }
}
