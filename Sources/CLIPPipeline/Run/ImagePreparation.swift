internal import CLIPCore

/// Reads, decodes and preprocesses images in parallel.
struct ImagePreparation: Sendable {
    /// The largest file memory to keep for the next image.
    private static let keptFileBytes = 64 << 20
    /// Idle periods after which pending reads count as hanging.
    private static let idleTimesOfAHangingRead = 10

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

    /// Calls `body` with the outcome of each image of a source, in the source's order.
    ///
    /// The source is walked, and images are read, on dedicated threads. The number of images in flight is the number of
    /// concurrent reads, and of these as many are decoded at once as there are workers. Up to four times as many may
    /// wait for a slower image before them. If the task is cancelled, a hanging call is not waited for.
    ///
    /// - Parameters:
    ///   - source: The images.
    ///   - rerun: Decides which images need not be embedded again.
    ///   - onIdle: Called if no image was completed for a while: the source is slow, or reads hang.
    ///   - body: Receives the outcome of an image. Return its pixels with ``reuse(_:)``.
    /// - Returns: The ids of all images.
    /// - Throws: What the source's iterator, `onIdle` and `body` throw.
    func forEach(
        in source: any ImageSource,
        _ rerun: RerunCheck,
        onIdle: () async throws -> Void,
        _ body: (PreparedImage) async throws -> Void
    ) async throws -> SourceWalk {
        let inFlight = options.reads
        let executor = BlockingExecutor(threads: inFlight + 1)
        let arrivals = ImageArrivals(capacity: options.imagesFoundAhead)
        let walking = Task(executorPreference: executor) { await walk(source, rerun, arrivals) }
        var reading = [Int: Task<Void, Never>]()
        var pause: (task: Task<Void, Never>, delivered: Int)?
        defer {
            walking.cancel()
            for task in reading.values { task.cancel() }
            pause?.task.cancel()
            arrivals.close()
        }
        var found = [ImageArrivals.Found]()[...]
        var waiting = [Int: PreparedImage]()
        var (taken, delivered, idleAt, idleTimes) = (0, 0, 0, 0)
        var end: Result<SourceWalk, any Error>?
        while true {
            while reading.count < inFlight, taken - delivered < 4 * inFlight, let image = found.popFirst() {
                switch image {
                case .settled(let image): waiting[taken] = image
                case .unread(let reference):
                    reading[taken] = Task(executorPreference: executor) { [position = taken] in
                        arrivals.add(await prepare(reference, rerun), at: position)
                    }
                }
                taken += 1
            }
            if let image = waiting.removeValue(forKey: delivered) {
                delivered += 1
                try Task.checkCancellation()
                try await body(image)
                continue
            }
            if reading.isEmpty, found.isEmpty, let end { return try end.get() }
            if pause == nil, delivered > idleAt {
                let task = Task {
                    try? await Task.sleep(for: options.idleTime)
                    arrivals.endTime()
                }
                pause = (task, delivered)
            }
            let news = try await arrivals.next(takesFound: found.isEmpty)
            found += news.found
            for (position, image) in news.prepared {
                reading[position] = nil
                waiting[position] = image
            }
            end = end ?? news.end
            if news.isTimeOver, let over = pause.take() {
                idleTimes = over.delivered == delivered ? idleTimes + 1 : 0
                if idleTimes >= (reading.isEmpty && found.isEmpty ? 1 : Self.idleTimesOfAHangingRead) {
                    (idleAt, idleTimes) = (delivered, 0)
                    try await onIdle()
                }
            }
        }
    }

    /// Walks the images of a source.
    private func walk(_ source: any ImageSource, _ rerun: RerunCheck, _ arrivals: ImageArrivals) async {
        var walk = SourceWalk()
        do {
            var iterator = try source.makeIterator()
            while let found = try await clock.measureFinding({
                try await iterator.next().map { image in
                    let settled = walk.settle(image, rerun)
                    return settled.map { ImageArrivals.Found.settled($0) } ?? .unread(image)
                }
            }) {
                try await arrivals.add(found)
            }
            arrivals.end(with: .success(walk))
        } catch {
            arrivals.end(with: .failure(error))
        }
    }

    /// Takes back a pixel buffer for reuse.
    func reuse(_ buffer: [UInt8]) {
        pixels.give(buffer)
    }

    private func prepare(_ reference: ImageReference, _ rerun: RerunCheck) async -> PreparedImage {
        var file = files.take() ?? []
        defer { if file.capacity <= Self.keptFileBytes { files.give(file) } }
        let version: String?
        do {
            version = try await clock.measure(.read) { try await reference.read(into: &file) }
        } catch {
            return .failed(ImageFailure(id: reference.id, stage: .read, error: error, prunes: options.prunes))
        }
        // The rest uses CPU and does not block.
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            await prepare(reference, of: version, file: file, rerun)
        }
    }

    private func prepare(
        _ reference: ImageReference,
        of version: String?,
        file: [UInt8],
        _ rerun: RerunCheck
    ) async -> PreparedImage {
        var stage = RunStage.decode
        do {
            let hash = options.contentHash?(file)
            if rerun.isUnchanged(reference, contentHash: hash) { return .unchanged }
            var output = pixels.take() ?? []
            let workspace = await workspaces.take()
            let result = Result { try workspace.prepare(file, with: self, into: &output, stage: &stage) }
            await workspaces.give(workspace)
            let values = reference.values
            let origin = ImageOrigin(version: version, contentHash: hash, values: values, damage: try result.get())
            return .ready(ImageLabel(id: reference.id, byteCount: file.count, origin: origin), pixels: output)
        } catch {
            var error = error
            if let foreign = error as? CLIPError, foreign.code == .unsupportedFormat,
                let advice = file.withUnsafeBytes({ FileKind($0).advice })
            {
                error = foreign.advising(advice)
            }
            return .failed(ImageFailure(id: reference.id, stage: stage, error: error, byteCount: file.count))
        }
    }
}
