internal import CLIPCore

/// An image that failed on its way, and the error behind it.
struct ImageFailure: Error {
    let image: FailedImage
    let error: any Error
    /// Whether the image does not exist any more, and loses its vector for that.
    let isGone: Bool

    /// Describes a failure.
    ///
    /// - Parameters:
    ///   - id: The image's id.
    ///   - stage: Where it failed.
    ///   - error: Why.
    ///   - byteCount: Size of its file, where it was read.
    ///   - prunes: Whether an image that is gone loses its vector.
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
            // What was not seen may be as good as it was.
            keepsVector: stage == .read && code != .limitExceeded && !isGone
        )
        self.error = error
    }

    /// Whether every image may fail like this one: a library that is needed is missing.
    var concernsAllImages: Bool { (error as? CLIPError)?.code == .missingLibrary }

    /// The error in words that say which image it is about.
    var namingImage: CLIPError {
        CLIPError((error as? CLIPError)?.code ?? .unreadable, "The image '\(image.id)' cannot be used.", cause: error)
    }
}

/// What became of an image on its way to the encoder.
enum PreparedImage: Sendable {
    /// Its pixels, with its id and what they were made from.
    case ready(ImageLabel, pixels: [UInt8])
    /// The store holds its vector already.
    case unchanged
    /// It cannot be embedded.
    case failed(ImageFailure)
}

/// What travels with an image's pixels, and then with its vector.
struct ImageLabel: Sendable {
    let id: String
    let byteCount: Int
    let origin: ImageOrigin
}

/// Images that go to the encoder together, and what became of others on the way to it.
struct PreparedBatch: Sendable {
    private(set) var labels = [ImageLabel]()
    private(set) var images: ImageBatch
    private(set) var failures = [ImageFailure]()
    private(set) var unchanged = 0

    /// Starts a batch in the memory of one without images.
    init(_ images: ImageBatch) {
        self.images = images
    }

    /// Removes everything and keeps the memory.
    mutating func removeAll() {
        labels.removeAll(keepingCapacity: true)
        images.removeAll()
        failures.removeAll()
        unchanged = 0
    }

    /// Takes everything out, the memory too, so that nothing but the result holds on to it.
    ///
    /// Two that hold on to the memory of one batch would have it copied by the one that changes it.
    mutating func takeAll() -> PreparedBatch {
        var taken = PreparedBatch(ImageBatch(height: images.height, width: images.width))
        swap(&taken, &self)
        return taken
    }

    /// Takes what became of other images out of this batch, which keeps its images.
    mutating func splitOff() -> PreparedBatch {
        var other = PreparedBatch(ImageBatch(height: images.height, width: images.width))
        swap(&other.failures, &failures)
        swap(&other.unchanged, &unchanged)
        return other
    }

    /// Images that have not got any vector.
    var withoutImage: Int { failures.count + unchanged }

    mutating func append(_ label: ImageLabel, pixels: [UInt8]) {
        labels.append(label)
        images.append(pixels)
    }

    mutating func append(_ failure: ImageFailure) {
        failures.append(failure)
    }

    mutating func countUnchanged() {
        unchanged += 1
    }

    /// Fills the batch up with black images, whose vectors are dropped.
    ///
    /// A model's arithmetic depends on the size of the batch in the last bits.
    mutating func pad(to count: Int) {
        images.pad(to: count)
    }

    /// Encodes the images.
    ///
    /// One that gets no unit vector joins the failures; the others keep their ids.
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

/// Vectors that go to the store together, and what became of the other images.
struct EncodedBatch: Sendable {
    let block: EmbeddingBlock
    let failures: [ImageFailure]
    let unchanged: Int
}
