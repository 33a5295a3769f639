/// An encoder that knows whether its vectors depend on the number of images in a batch.
package protocol BatchInvariance: ImageEncoder {
    /// Whether a vector has the same bits in a batch of any size.
    var isBatchInvariant: Bool { get }
}

extension ImageBatch {
    /// Pads the batch with black images to `count` images, unless an encoder does without.
    ///
    /// The last bits of an encoder's vectors may depend on the number of images, so batches of equal size give equal vectors
    /// however images are distributed over them.
    package mutating func pad(to count: Int, for encoder: some ImageEncoder) {
        guard (encoder as? any BatchInvariance)?.isBatchInvariant != true else { return }
        pad(to: count)
    }
}
