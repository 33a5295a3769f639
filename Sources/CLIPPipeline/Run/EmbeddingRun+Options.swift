internal import CLIPCore

extension EmbeddingRun {
    /// Sizes, limits and update rules of a run.
    public struct Options: Sendable {
        package var batchSize: Int
        package var decodeWorkers: Int
        package var concurrentReads: Int?
        package var failureLimit: FailureLimit?
        package var contentHash: (@Sendable (_ file: [UInt8]) -> String)?
        package var comparesContent: Bool
        package var prunes: Bool
        /// How long to wait for more images from the source before encoding an incomplete batch.
        package var idleTime = Duration.seconds(1)
        /// Receives the number of images that are encoded at a time from now on, because a batch of more did not fit into
        /// memory.
        package var onHalving: @Sendable (_ images: Int) -> Void = { _ in }
        /// The number of batches that each channel between stages holds, at least 1.
        package var batchesBetweenStages = EmbeddingRun.batchesBetweenStages
        /// The number of images found ahead of reading, at least 1.
        package var imagesFoundAhead = 16
        /// Whether a source without images is allowed.
        var allowsEmptySource = false

        /// Creates options.
        ///
        /// - Parameters:
        ///   - batchSize: The number of images per encoder batch; fewer once the encoder reports that a batch does not fit
        ///     into memory.
        ///   - decodeWorkers: The number of images decoded at a time; `nil` for the number of CPU cores.
        ///   - concurrentReads: The number of images read at a time, at least the number decoded at a time; `nil` for
        ///     exactly that number. Choose more if reading mostly waits, as over a network. Each read has its own
        ///     thread, which it may block.
        ///   - failureLimit: How many images may fail before the run throws an error; `nil` for no limit.
        ///   - contentHash: Computes the hash of an image file's bytes to store with its vector, such as its SHA-256;
        ///     `nil` for none.
        ///   - comparesContent: Whether changed images are detected by hash instead of by version. Every file is then
        ///     read. Requires a `contentHash`.
        ///   - prunes: Whether to remove the vectors of images that are no longer in the source, or that it lists but
        ///     that no longer exist. If part of the source, such as a folder, cannot be read, nothing is removed for
        ///     being absent from the source: the images may still exist. If no image of the source is found, nothing is
        ///     removed, and the run throws an error.
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
