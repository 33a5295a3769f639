internal import CLIPCore
package import CLIPPipeline

extension ParquetStoreWriter {
    /// Options for writing a store.
    public struct Options: Sendable, Hashable {
        package var elementType: EmbeddingElementType
        package var rowsPerPart: Int
        package var commitInterval: Duration
        /// The sources of the images, kept with the store so that later commands can find the images; see
        /// `SourceRecord.withoutSecrets`.
        package var sources: SourceRecord?

        /// Creates options.
        ///
        /// - Parameters:
        ///   - elementType: The data type of the vectors.
        ///   - rowsPerPart: The maximum number of vectors per file.
        ///   - commitInterval: The commit interval: work is committed this long after its first vector or failure.
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
