/// Reads, decodes and preprocesses images, several at a time.
struct ImagePreparation: Sendable {
    private typealias Prepared = Result<PreparedImage, ImageFailure>

    let decoder: any ImageDecoder
    let preprocessor: ImagePreprocessor

    /// Calls `body` with each image of a source, in the source's order.
    ///
    /// - Parameters:
    ///   - source: The images.
    ///   - workers: Images under way at a time. Up to four times as many may wait for a slower one before them.
    ///   - body: Given the pixels, or why there are none.
    /// - Throws: What the source's iterator and `body` throw.
    func forEach(
        in source: any ImageSource,
        workers: Int,
        _ body: (Result<PreparedImage, ImageFailure>) async throws -> Void
    ) async throws {
        var iterator = try source.makeIterator()
        // By bytes: texts that Unicode calls equivalent may be different files.
        var ids = Set<[UInt8]>()
        try await withThrowingTaskGroup(of: (position: Int, image: Prepared).self) { group in
            var waiting = [Int: Prepared]()
            var started = 0
            var delivered = 0
            var running = 0
            var isAtEnd = false
            while true {
                while !isAtEnd, running < workers, started - delivered < 4 * workers {
                    try Task.checkCancellation()
                    guard let reference = try await iterator.next() else {
                        isAtEnd = true
                        break
                    }
                    let position = started
                    started += 1
                    if ids.insert(Array(reference.id.utf8)).inserted {
                        running += 1
                        group.addTask { (position, await prepare(reference)) }
                    } else {
                        waiting[position] = .failure(Self.duplicate(reference.id))
                    }
                }
                if let image = waiting.removeValue(forKey: delivered) {
                    delivered += 1
                    try await body(image)
                } else if let done = try await group.next() {
                    running -= 1
                    waiting[done.position] = done.image
                } else {
                    return
                }
            }
        }
    }

    private func prepare(_ reference: ImageReference) async -> Prepared {
        var stage = RejectedImage.Stage.read
        do {
            let bytes = try await reference.bytes()
            stage = .decode
            let image = try decoder.decode(bytes)
            stage = .preprocess
            return .success(PreparedImage(id: reference.id, pixels: try preprocessor.preprocess(image)))
        } catch {
            return .failure(ImageFailure(id: reference.id, stage: stage, error: error))
        }
    }

    private static func duplicate(_ id: String) -> ImageFailure {
        let message = "Another image before it has the same id; ids must be unique in a store."
        return ImageFailure(id: id, stage: .read, error: CLIPError(.invalidEmbeddings, message))
    }
}
