internal import CLIPCore

extension EmbeddingRun {
    /// Sizes and rules of a run.
    public struct Options: Sendable {
        /// Images that the encoder gets at a time; 32 by default.
        package var batchSize: Int
        /// Images that are decoded at a time; by default as many as there are CPU cores.
        package var decodeWorkers: Int
        /// Images that are read at a time, at least as many as are decoded; `nil` for just as many.
        ///
        /// More than there are workers where reading means waiting, as over a network. Each has a thread, which a read may
        /// block.
        package var concurrentReads: Int?
        /// How many images may fail before the run stops with an error; `nil`, the default, for any number.
        package var failureLimit: FailureLimit?
        /// Makes the hash of an image file's bytes that is stored with its vector, such as its SHA-256; `nil` for none.
        package var contentHash: (@Sendable (_ file: [UInt8]) -> String)?
        /// Whether the hash, not the version, tells if an image was changed: every file is read; false by default.
        package var comparesContent: Bool
        /// Whether vectors are removed whose images are no longer in the source, or are named there and do not exist; false
        /// by default.
        ///
        /// None of the former is when a part of the source, such as a folder, could not be looked into: its images may
        /// still be there.
        package var prunes: Bool
        /// Images that are fewer than a batch are encoded when the source names no more for this time.
        package var idleTime = Duration.seconds(1)
        /// Whether a source without images is no error.
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

        /// Images that are under way at a time.
        var reads: Int { max(concurrentReads ?? decodeWorkers, decodeWorkers) }
    }
}
