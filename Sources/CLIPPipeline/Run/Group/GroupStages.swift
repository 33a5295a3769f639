internal import CLIPCore

/// The stages of one ``GroupRun`` and the channels between them.
struct GroupStages<Origin: Sendable>: Sendable {
    typealias Group = ImageGroup<Origin>

    /// A batch on its way, and the group that it completes.
    private struct Part<Batch: Sendable>: Sendable {
        var batch: Batch
        let completes: Group?
    }

    private let run: GroupRun
    private let encoder: HalvingEncoder
    private let next: @Sendable () throws -> Group?
    private let write: @Sendable (Origin, EmbeddedGroup) throws -> Void
    private let preparation: ImagePreparation
    private let chain: StageChain<Part<PreparedBatch>, Part<EncodedBatch>>
    /// Holds a value for each group in memory.
    private let inFlight = BatchChannel<Void>(capacity: GroupRun.groupsInFlight)
    private let groups = BatchChannel<Result<Group, any Error>>(capacity: GroupRun.groupsInFlight)
    private let batches = FreeList<PreparedBatch>()

    init(
        run: GroupRun,
        control: RunControl,
        next: @escaping @Sendable () throws -> Group?,
        write: @escaping @Sendable (Origin, EmbeddedGroup) throws -> Void
    ) {
        self.run = run
        chain = StageChain(control: control, capacity: EmbeddingRun.batchesBetweenStages)
        self.next = next
        self.write = write
        encoder = HalvingEncoder(run.encoder, onHalving: run.options.onHalving)
        preparation = ImagePreparation(
            decoder: run.decoder,
            preprocessor: ImagePreprocessor(spec: run.encoder.model.preprocessing),
            options: run.options,
            clock: StageClock(workers: [:])
        )
    }

    /// Runs the stages until all have ended.
    ///
    /// - Returns: Whether all groups were answered.
    func run() async throws -> Bool {
        // On its own, because a read from a pipe may take for ever, and cannot be cancelled.
        let taking = Task(executorPreference: BlockingExecutor(threads: 1)) { await takeGroups() }
        defer { taking.cancel() }
        let ending = await chain.run(prepare: prepare, encode: encode, write: writeGroups)
        await groups.close()
        await inFlight.close()
        if let error = ending.error { throw error }
        return ending.isComplete
    }

    private func takeGroups() async {
        do {
            while true {
                try await inFlight.send(())
                try Task.checkCancellation()
                guard let group = try next() else { break }
                try await groups.send(.success(group))
            }
        } catch {
            try? await groups.send(.failure(error))
        }
        await groups.close()
    }

    private func prepare() async throws {
        let rerun = RerunCheck(stored: StoredImages(), comparesContent: false)
        while let group = try await nextGroup() {
            var batch = newBatch()
            let images = ListedImages(images: group.images)
            _ = try await preparation.forEach(in: images, rerun) {
                // A group is answered as a whole, however slow one of its images is.
            } _: { image in
                try batch.append(image, of: preparation)
                guard batch.labels.count == run.options.batchSize else { return }
                try await chain.prepared.send(Part(batch: batch.takeAll(), completes: nil))
                batch = newBatch()
            }
            if !batch.labels.isEmpty { batch.pad(to: run.options.batchSize, for: run.encoder) }
            try await chain.prepared.send(Part(batch: batch, completes: group))
        }
    }

    private func nextGroup() async throws -> Group? {
        let group = await withTaskCancellationHandler {
            await groups.receive()
        } onCancel: {
            Task { await groups.close() }
        }
        try Task.checkCancellation()
        return try group?.get()
    }

    private func newBatch() -> PreparedBatch {
        if let batch = batches.take() { return batch }
        let spec = run.encoder.model.preprocessing
        return PreparedBatch(ImageBatch(height: spec.height, width: spec.width, capacity: run.options.batchSize))
    }

    private func encode() async throws {
        while var part = await chain.prepared.receive() {
            try Task.checkCancellation()
            if chain.control.isStopped { throw CancellationError() }
            let result = try await part.batch.encoded(by: encoder)
            part.batch.removeAll()
            batches.give(part.batch.takeAll())
            try await chain.encoded.send(Part(batch: result, completes: part.completes))
        }
    }

    private func writeGroups() async throws {
        let executor = BlockingExecutor(threads: 1)
        let dimension = run.encoder.model.embeddingDimension
        var done = [EncodedBatch]()
        while let part = await chain.encoded.receive() {
            done.append(part.batch)
            guard let group = part.completes else { continue }
            if chain.control.isStopped { throw CancellationError() }
            let outcomes = EmbeddedGroup(group.images, done, dimension: dimension)
            done = []
            try await Task(executorPreference: executor) { try write(group.origin, outcomes) }.value
            _ = await inFlight.receive()
        }
    }
}

/// Images in memory.
private struct ListedImages: ImageSource {
    let images: [ImageReference]

    func makeIterator() -> any ImageIterator { Iterator(rest: images[...]) }

    struct Iterator: ImageIterator {
        var rest: ArraySlice<ImageReference>

        mutating func next() -> ImageReference? { rest.popFirst() }
    }
}
