package import CLIPCore
internal import Synchronization

/// Encodes with another encoder, in smaller batches once a batch does not fit into memory.
///
/// If the encoder throws an error with code `outOfMemory`, it gets half as many images at a time, again and again down to
/// a single one. The number that fits also applies to later batches.
package struct HalvingEncoder: ImageEncoder {
    private let encoder: any ImageEncoder
    private let onHalving: @Sendable (_ images: Int) -> Void
    private let limit = BatchLimit()

    /// The other encoder's model.
    package var model: ModelDescription { encoder.model }

    /// Creates an encoder around another one.
    ///
    /// - Parameters:
    ///   - encoder: Encodes the parts.
    ///   - onHalving: Receives the number of images per part whenever a smaller number has turned out to fit.
    package init(_ encoder: any ImageEncoder, onHalving: @escaping @Sendable (_ images: Int) -> Void = { _ in }) {
        self.encoder = encoder
        self.onHalving = onHalving
    }

    /// Encodes a batch, in parts if necessary.
    ///
    /// - Returns: `batch.count` vectors of length 1, in batch order.
    /// - Throws: What the encoder throws for a part, with code `outOfMemory` only for a single image; `CLIPError` with
    ///   code `inference` if it returns a wrong number of vectors or a wrong dimension.
    package func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        var result = EmbeddingMatrix(dimension: model.embeddingDimension, capacity: batch.count)
        var size = min(limit.images, batch.count)
        while result.count < batch.count {
            let part = batch.images(result.count..<min(result.count + size, batch.count))
            do {
                let embeddings = try await encoder.encode(part)
                try model.requireShape(of: embeddings, count: part.count)
                result.append(contentsOf: embeddings)
                if limit.lower(to: size, of: batch.count) { onHalving(size) }
            } catch let error as CLIPError where error.code == .outOfMemory {
                guard part.count > 1 else {
                    throw error.advising(
                        "The memory does not suffice for a single image: end other programs that use it, or choose "
                            + "another device."
                    )
                }
                size = (part.count + 1) / 2
            }
        }
        return result
    }
}

/// The number of images to encode at a time.
private final class BatchLimit: Sendable {
    private let value = Mutex(Int.max)

    var images: Int { value.withLock(\.self) }

    /// Records that `size` images fit, if they are fewer than the batch and than the limit so far.
    ///
    /// - Returns: Whether the limit is lower now.
    func lower(to size: Int, of batchCount: Int) -> Bool {
        value.withLock { value in
            guard size < min(value, batchCount) else { return false }
            value = size
            return true
        }
    }
}
