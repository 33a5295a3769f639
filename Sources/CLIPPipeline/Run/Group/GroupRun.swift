package import CLIPCore

/// Embeds groups of images one after the other, and answers each as soon as its images are done.
///
/// The groups come from somewhere and their outcomes go somewhere, without a store. The stages are those of an
/// ``EmbeddingRun``: workers read, decode and preprocess, batches are encoded one at a time, and outcomes are written.
/// While one group is encoded, the next one is prepared. At most two groups are in memory: nothing more is asked for until
/// the first is written.
///
/// Every batch is padded to the same size, unless the encoder does without, so an image's vector does not depend on how
/// images are grouped. It is bit-identical to that of an ``EmbeddingRun`` with the same batch size over more images than a
/// batch.
package struct GroupRun: Sendable {
    /// The number of groups that were taken and not yet answered.
    static let groupsInFlight = 2

    let decoder: any ImageDecoder
    let encoder: any ImageEncoder
    let options: EmbeddingRun.Options

    /// Creates a run.
    ///
    /// - Parameters:
    ///   - decoder: Decodes the images.
    ///   - encoder: Embeds them.
    ///   - options: Batch size, workers and reads; the rest concerns stores and has no effect.
    /// - Precondition: Sizes are positive.
    package init(decoder: any ImageDecoder, encoder: any ImageEncoder, options: EmbeddingRun.Options) {
        precondition(options.batchSize > 0 && options.decodeWorkers > 0, "sizes are positive")
        self.decoder = decoder
        self.encoder = encoder
        self.options = options
    }

    /// Runs to the end of the groups, or until it is stopped.
    ///
    /// After an error of `next`, the groups before it are still answered. A run that is stopped, or whose task is
    /// cancelled, drops the groups in flight, does not wait for `next`, and lets a call of `write` end.
    ///
    /// - Parameters:
    ///   - control: Stops the run.
    ///   - next: Returns the next group, or `nil` at the end. It is called on a dedicated thread, which it may block.
    ///   - write: Receives each group's outcomes, in order, on another dedicated thread, which it may block too.
    /// - Returns: Whether all groups were answered; otherwise the run was stopped.
    /// - Throws: What `next` and `write` throw; `CLIPError` as ``EmbeddingRun/run(imageCount:control:)``;
    ///   `CancellationError` if the task is cancelled.
    package func run<Origin>(
        control: RunControl = RunControl(),
        next: @escaping @Sendable () throws -> ImageGroup<Origin>?,
        write: @escaping @Sendable (Origin, EmbeddedGroup) throws -> Void
    ) async throws -> Bool {
        try await GroupStages(run: self, control: control, next: next, write: write).run()
    }
}
