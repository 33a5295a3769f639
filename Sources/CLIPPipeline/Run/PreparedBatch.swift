internal import CLIPCore

/// An image that failed, with the underlying error.
struct ImageFailure: Error {
    let image: FailedImage
    let error: any Error
    /// Whether the image no longer exists, so that its vector is removed.
    let isGone: Bool

    /// Creates a failure.
    ///
    /// - Parameters:
    ///   - id: The image's id.
    ///   - stage: The stage that failed.
    ///   - error: The underlying error.
    ///   - byteCount: The size of the image's file, if it was read.
    ///   - prunes: Whether an image that no longer exists loses its vector.
    init(
        id: String,
        stage: RunStage,
        error: any Error,
        byteCount: Int? = nil,
        prunes: Bool = false
    ) {
        let code = (error as? CLIPError)?.code
        isGone = prunes && stage == .read && code == .notFound
        self.image = FailedImage(
            id: id,
            stage: code == .limitExceeded ? .limit : stage,
            reason: "\(error)",
            byteCount: byteCount ?? ((error as? CLIPError)?.cause as? ExcessiveSize)?.byteCount,
            // An image that could not be read may be unchanged.
            keepsVector: stage == .read && code != .limitExceeded && !isGone
        )
        self.error = error
    }

    /// Whether the error affects every image: a required library is missing.
    var concernsAllImages: Bool { (error as? CLIPError)?.code == .missingLibrary }

    /// The error, with a message that names the image.
    var namingImage: CLIPError {
        CLIPError((error as? CLIPError)?.code ?? .unreadable, "The image '\(image.id)' cannot be used.", cause: error)
    }
}

extension FailedImage {
    /// The same failure, which costs no vector.
    var keepingVector: FailedImage {
        FailedImage(id: id, stage: stage, reason: reason, byteCount: byteCount, keepsVector: true)
    }
}

/// The outcome of preparing an image.
enum PreparedImage: Sendable {
    /// Its pixels, with its id and origin.
    case ready(ImageLabel, pixels: [UInt8])
    /// The store already has its vector.
    case unchanged
    /// It failed.
    case failed(ImageFailure)
}

/// What accompanies an image's pixels, and then its vector.
struct ImageLabel: Sendable {
    let id: String
    let byteCount: Int
    let origin: ImageOrigin
}

/// Images to encode together, and the outcomes of images that need no encoding.
struct PreparedBatch: Sendable {
    private(set) var labels = [ImageLabel]()
    private(set) var images: ImageBatch
    private(set) var failures = [ImageFailure]()
    private(set) var unchanged = 0

    /// Creates a batch that reuses the memory of an image batch without images.
    init(_ images: ImageBatch) {
        self.images = images
    }

    /// Removes all contents and keeps the memory.
    mutating func removeAll() {
        labels.removeAll(keepingCapacity: true)
        images.removeAll()
        failures.removeAll()
        unchanged = 0
    }

    /// Returns the contents, including the memory, and leaves this batch empty.
    ///
    /// Sharing the memory would make the next change copy it.
    mutating func takeAll() -> PreparedBatch {
        var taken = PreparedBatch(ImageBatch(height: images.height, width: images.width))
        swap(&taken, &self)
        return taken
    }

    /// Returns the outcomes of images that need no encoding; this batch keeps its images.
    mutating func splitOff() -> PreparedBatch {
        var other = PreparedBatch(ImageBatch(height: images.height, width: images.width))
        swap(&other.failures, &failures)
        swap(&other.unchanged, &unchanged)
        return other
    }

    /// Number of images that need no encoding.
    var withoutImage: Int { failures.count + unchanged }

    /// Adds the outcome of an image, whose pixel buffer goes back to `preparation`.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary`, which affects every image.
    mutating func append(_ image: PreparedImage, of preparation: ImagePreparation) throws {
        switch image {
        case .ready(let label, let pixels):
            labels.append(label)
            images.append(pixels)
            preparation.reuse(pixels)
        case .unchanged:
            unchanged += 1
        case .failed(let failure):
            if failure.concernsAllImages { throw failure.namingImage }
            failures.append(failure)
        }
    }

    /// Pads the batch with black images, whose vectors are dropped, if an encoder's vectors depend on the batch size.
    mutating func pad(to count: Int, for encoder: any ImageEncoder) {
        images.pad(to: count, for: encoder)
    }

    /// Encodes the images.
    ///
    /// An image without a unit vector becomes a failure; the others keep their ids.
    func encoded(by encoder: any ImageEncoder) async throws -> EncodedBatch {
        let dimension = encoder.model.embeddingDimension
        var good = (labels: [ImageLabel](), embeddings: EmbeddingMatrix(dimension: dimension, capacity: labels.count))
        var failures = failures
        let vectors = labels.isEmpty ? [] : try await encoder.vectors(of: images, count: labels.count)
        for (label, vector) in zip(labels, vectors) {
            switch vector {
            case .success(let vector):
                good.labels.append(label)
                good.embeddings.append(vector)
            case .failure(let error):
                failures.append(
                    ImageFailure(id: label.id, stage: .encode, error: error, byteCount: label.byteCount)
                )
            }
        }
        let block = EmbeddingBlock(
            ids: good.labels.map(\.id),
            embeddings: good.embeddings,
            origins: good.labels.map(\.origin)
        )
        return EncodedBatch(block: block, failures: failures, unchanged: unchanged)
    }
}

/// Vectors to store together, and the outcomes of the other images.
struct EncodedBatch: Sendable {
    let block: EmbeddingBlock
    let failures: [ImageFailure]
    let unchanged: Int

    /// The images whose files were damaged.
    var damaged: [DamagedImage] {
        zip(block.ids, block.origins).compactMap { id, origin in
            origin.damage.map { DamagedImage(id: id, reason: $0) }
        }
    }
}
