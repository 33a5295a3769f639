/// Reads, decodes and preprocesses images, several at a time.
struct ImagePreparation: Sendable {
    /// Memory of a larger file is not kept for the next one.
    private static let keptFileBytes = 64 << 20

    let decoder: any ImageDecoder
    let preprocessor: ImagePreprocessor
    let options: EmbeddingRun.Options
    let clock: StageClock
    private let workspaces: ResourcePool<DecodeWorkspace>
    private let files = FreeList<[UInt8]>()
    private let pixels = FreeList<[UInt8]>()

    init(
        decoder: any ImageDecoder,
        preprocessor: ImagePreprocessor,
        options: EmbeddingRun.Options,
        clock: StageClock
    ) {
        self.decoder = decoder
        self.preprocessor = preprocessor
        self.options = options
        self.clock = clock
        workspaces = ResourcePool((0..<options.decodeWorkers).map { _ in DecodeWorkspace() })
    }

    /// Calls `body` with what becomes of each image of a source, in the source's order.
    ///
    /// As many images are under way as are read at a time, and of these as many are decoded as there are workers. Up to
    /// four times as many may wait for a slower one before them.
    ///
    /// - Parameters:
    ///   - source: The images.
    ///   - stored: The images that the store holds.
    ///   - body: Given what became of an image. Pixels it was given are to be handed back with ``reuse(_:)``.
    /// - Returns: The ids of all images.
    /// - Throws: What the source's iterator and `body` throw.
    func forEach(
        in source: any ImageSource,
        stored: StoredImages,
        _ body: (PreparedImage) async throws -> Void
    ) async throws -> SourceWalk {
        var iterator = try source.makeIterator()
        var walk = SourceWalk()
        let inFlight = max(options.decodeWorkers, options.concurrentReads)
        try await withThrowingTaskGroup(of: (position: Int, image: PreparedImage).self) { group in
            var waiting = [Int: PreparedImage]()
            var delivered = 0
            var running = 0
            var isAtEnd = false
            while true {
                while !isAtEnd, running < inFlight, walk.count - delivered < 4 * inFlight {
                    try Task.checkCancellation()
                    guard let reference = try await iterator.next() else {
                        isAtEnd = true
                        break
                    }
                    let position = walk.count
                    if let image = walk.settle(reference, stored: stored, comparesContent: options.comparesContent) {
                        waiting[position] = image
                        if position == delivered { break }
                    } else {
                        running += 1
                        group.addTask { (position, await prepare(reference, stored: stored)) }
                    }
                }
                if let image = waiting.removeValue(forKey: delivered) {
                    delivered += 1
                    // What was cancelled while it was read is no bad image.
                    try Task.checkCancellation()
                    try await body(image)
                } else if running > 0, let done = try await group.next() {
                    running -= 1
                    waiting[done.position] = done.image
                } else if isAtEnd {
                    return
                }
            }
        }
        return walk
    }

    /// Takes memory back.
    func reuse(_ buffer: [UInt8]) {
        pixels.give(buffer)
    }

    private func prepare(_ reference: ImageReference, stored: StoredImages) async -> PreparedImage {
        var stage = RejectedImage.Stage.read
        var file = files.take() ?? []
        defer { if file.capacity <= Self.keptFileBytes { files.give(file) } }
        var byteCount: Int?
        do {
            try await clock.measure(.read) { try await reference.read(into: &file) }
            byteCount = file.count
            let hash = options.contentHash?(file)
            if options.comparesContent, let hash, stored.isCurrent(reference.id, contentHash: hash) {
                return .unchanged
            }
            let origin = ImageOrigin(version: reference.version, contentHash: hash, values: reference.values)
            let label = ImageLabel(id: reference.id, byteCount: file.count, origin: origin)
            var output = pixels.take() ?? []
            let workspace = await workspaces.take()
            let result = Result { try workspace.prepare(file, with: self, into: &output, stage: &stage) }
            await workspaces.give(workspace)
            try result.get()
            return .ready(label, pixels: output)
        } catch {
            return .failed(
                ImageFailure(
                    id: reference.id,
                    stage: stage,
                    error: error,
                    byteCount: byteCount,
                    prunes: options.prunes
                )
            )
        }
    }
}

/// The images of a source that were come across.
struct SourceWalk {
    /// Their ids.
    private(set) var ids = ImageIDSet()
    /// How many there were, those with an id of another one among them.
    private(set) var count = 0
    /// Whether some stand for parts of the source that could not be looked into.
    private(set) var hasUnknownParts = false

    /// Counts an image, and says what becomes of it when that is known without reading it.
    mutating func settle(_ image: ImageReference, stored: StoredImages, comparesContent: Bool) -> PreparedImage? {
        count += 1
        hasUnknownParts = hasUnknownParts || image.isUnknownPart
        guard ids.insert(image.id) else {
            let message = "Another image before it has the same id; ids must be unique in a store."
            let error = CLIPError(.invalidEmbeddings, message)
            return .failed(ImageFailure(id: image.id, stage: .read, error: error))
        }
        return !comparesContent && stored.isCurrent(image.id, version: image.version) ? .unchanged : nil
    }
}
