/// An image that was rejected on its way, and the error behind it.
struct ImageFailure: Error {
    let image: RejectedImage
    let error: any Error

    init(id: String, stage: RejectedImage.Stage, error: any Error) {
        let code = (error as? CLIPError)?.code
        self.image = RejectedImage(id: id, stage: code == .limitExceeded ? .limit : stage, reason: "\(error)")
        self.error = error
    }

    /// The error in words that say which image it is about.
    var namingImage: CLIPError {
        CLIPError((error as? CLIPError)?.code ?? .unreadable, "The image '\(image.id)' cannot be used.", cause: error)
    }
}

/// An image's pixels together with its id.
struct PreparedImage: Sendable {
    let id: String
    let pixels: [UInt8]
}

/// Images that go to the encoder together, and those that failed on the way to it.
struct PreparedBatch: Sendable {
    private(set) var ids = [String]()
    private(set) var images: ImageBatch
    private(set) var failures = [ImageFailure]()

    init(spec: PreprocessingSpec, capacity: Int) {
        images = ImageBatch(height: spec.height, width: spec.width, capacity: capacity)
    }

    var isEmpty: Bool { ids.isEmpty && failures.isEmpty }

    mutating func append(_ image: Result<PreparedImage, ImageFailure>) {
        switch image {
        case .success(let image):
            ids.append(image.id)
            images.append(image.pixels)
        case .failure(let failure):
            failures.append(failure)
        }
    }

    /// Encodes the images.
    ///
    /// One that gets no unit vector joins the failures; the others keep their ids.
    func encoded(by encoder: any ImageEncoder) async throws -> EncodedBatch {
        let dimension = encoder.model.embeddingDimension
        let embeddings = ids.isEmpty ? EmbeddingMatrix(dimension: dimension) : try await encoder.encode(images)
        try encoder.model.requireShape(of: embeddings, count: ids.count)
        var good = (ids: [String](), embeddings: EmbeddingMatrix(dimension: dimension, capacity: ids.count))
        var failures = failures
        for (row, id) in ids.enumerated() {
            let norm = embeddings.norm(row: row)
            if abs(norm - 1) <= Float(EmbeddingMatrix.unitLengthTolerance) {
                good.ids.append(id)
                good.embeddings.append(embeddings[row: row])
            } else {
                let error = CLIPError(.inference, "The model gave the image a vector of length \(norm) instead of 1.")
                failures.append(ImageFailure(id: id, stage: .encode, error: error))
            }
        }
        return EncodedBatch(block: EmbeddingBlock(ids: good.ids, embeddings: good.embeddings), failures: failures)
    }
}

/// Vectors that go to the store together, and the images that failed on the way.
struct EncodedBatch: Sendable {
    let block: EmbeddingBlock
    let failures: [ImageFailure]
}
