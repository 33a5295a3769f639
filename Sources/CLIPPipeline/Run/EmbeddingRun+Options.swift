internal import CLIPCore

extension EmbeddingRun {
    /// Sizes, limits and update rules of a run.
    public struct Options: Sendable {
        /// Images per encoder batch; 32 by default.
        package var batchSize: Int
        /// Images decoded at a time; the number of CPU cores by default.
        package var decodeWorkers: Int
        /// Images read at a time, at least the number decoded at a time; `nil` for exactly that number.
        ///
        /// Choose more than there are decode workers if reading mostly waits, as over a network. Each read has its own
        /// thread, which it may block.
        package var concurrentReads: Int?
        /// How many images may fail before the run throws an error; `nil`, the default, for no limit.
        package var failureLimit: FailureLimit?
        /// Computes the hash of an image file's bytes to store with its vector, such as its SHA-256; `nil` for none.
        package var contentHash: (@Sendable (_ file: [UInt8]) -> String)?
        /// Whether changed images are detected by hash instead of by version.
        ///
        /// Every file is then read. False by default.
        package var comparesContent: Bool
        /// Whether to remove the vectors of images that are no longer in the source, or that it lists but that no
        /// longer exist; false by default.
        ///
        /// If part of the source, such as a folder, cannot be read, nothing is removed for being absent from the
        /// source: the images may still exist.
        package var prunes: Bool
        /// How long to wait for more images from the source before encoding an incomplete batch.
        package var idleTime = Duration.seconds(1)
        /// Whether a source without images is allowed.
        var allowsEmptySource = false

        /// Creates options.
        public init(
            batchSize: Int = 32,
            decodeWorkers: Int? = nil,
            concurrentReads: Int? = nil,
            failureLimit: FailureLimit? = nil,
            contentHash: (@Sendable (_ file: [UInt8]) -> String)? = nil,
            comparesContent: Bool = false,
            prunes: Bool = false
        ) {
            self.batchSize = batchSize
            self.decodeWorkers = decodeWorkers ?? ProcessorCount.current
            self.concurrentReads = concurrentReads
            self.failureLimit = failureLimit
            self.contentHash = contentHash
            self.comparesContent = comparesContent
            self.prunes = prunes
        }

        /// Images in flight at a time.
        var reads: Int { max(concurrentReads ?? decodeWorkers, decodeWorkers) }
    }
}
