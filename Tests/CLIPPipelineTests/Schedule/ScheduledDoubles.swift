import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization

/// The images of a schedule.
struct ScheduledSource: ImageSource {
    let steps: Steps

    func makeIterator() throws -> any ImageIterator {
        try steps.fail(.opening, .unreadable)
        return Iterator(steps: steps)
    }

    func count() async throws -> Int? {
        try await steps.during(.source) {
            try steps.fail(.counting, .unreadable)
            return steps.schedule.isCounted ? steps.schedule.images.count : nil
        }
    }

    private struct Iterator: ImageIterator {
        let steps: Steps
        var position = 0

        mutating func next() async throws -> ImageReference? {
            let current = position
            position += 1
            return try await steps.during(.source) {
                await steps.hang(.hangingFind(current))
                try steps.fail(.finding(current), .unreadable)
                guard current < steps.schedule.images.count else { return nil }
                return reference(current)
            }
        }

        private func reference(_ position: Int) -> ImageReference {
            let image = steps.schedule.images[position]
            if image.readFault == .unknownPart {
                return ImageReference(unknownPart: image.id, error: ScheduledImage.ReadFault.unknownPart.error)
            }
            return ImageReference(id: image.id, version: image.version) { [steps] in
                try await steps.during(.read) {
                    await steps.hang(.hangingRead(position))
                    try steps.fail(.library(position), .missingLibrary)
                    if let fault = image.readFault { throw fault.error }
                    return image.file
                }
            }
        }
    }
}

/// Reads a file of three bytes as one pixel, and fails where the schedule plans that.
struct ScheduledDecoder: ImageDecoder {
    let steps: Steps

    func decode(_ data: [UInt8]) throws -> PixelImage {
        try steps.blocking(.decode) {
            switch ScheduledImage.Kind(rawValue: data[2]) {
            case .undecodable: throw CLIPError(.corruptData, "It is damaged.")
            case .foreign: throw ForeignError()
            case .tooNarrow: PixelImage(width: 1, height: 4, format: .gray, pixels: [1, 2, 3, 4])
            case .sound, .withoutVector, nil: PixelImage(width: 1, height: 1, format: .rgb, pixels: data)
            }
        }
    }
}

/// Numbers calls, the first being 0.
private final class CallCounter: Sendable {
    private let value = Atomic(0)

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

/// Gives each image the stub's vector, or none that is a number.
struct ScheduledEncoder: BatchInvariance {
    private static let stub = StubImageEncoder(size: 1)
    static let model = ModelDescription(
        name: "scheduled",
        identity: "0",
        embeddingDimension: stub.model.embeddingDimension,
        preprocessing: PreprocessingSpec(height: 1, width: 1, resizeMode: .longest, interpolation: .bicubic)
    )
    let steps: Steps
    private let calls = CallCounter()

    var model: ModelDescription { Self.model }
    var isBatchInvariant: Bool { steps.schedule.isBatchInvariant }

    init(steps: Steps) {
        self.steps = steps
    }

    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        try await steps.during(.encode) {
            steps.log.add { $0.batchSizes.insert(batch.count) }
            try steps.fail(.encoding(calls.next()), .inference)
            try steps.fail(.memory, .outOfMemory)
            if batch.count > steps.schedule.encoderMemory { throw CLIPError(.outOfMemory, "The memory is full.") }
            steps.log.add { $0.encodedImages += batch.count }
            var result = EmbeddingMatrix(dimension: model.embeddingDimension)
            for image in batch {
                let isUnusable = image[image.startIndex + 2] == ScheduledImage.Kind.withoutVector.rawValue
                result.append(isUnusable ? Self.noVector : try Self.vector(of: Array(image)))
            }
            return result
        }
    }

    /// The vector of a file of three bytes.
    static func vector(of file: [UInt8]) throws -> [Float] { try stub.vector(for: file) }

    private static let noVector = [Float](repeating: .nan, count: stub.model.embeddingDimension)
}

/// Writes to another store and keeps a log.
struct ScheduledWriter: EmbeddingWriter {
    let steps: Steps
    let store: MemoryStore
    private let appends = CallCounter()
    private let records = CallCounter()

    init(steps: Steps, store: MemoryStore) {
        self.steps = steps
        self.store = store
    }

    var provenance: Provenance { store.provenance }

    func storedImages() async throws -> StoredImages {
        try await steps.during(.store) {
            try steps.fail(.storedImages, .unreadable)
            steps.log.add { $0.hasBegun = true }
            return store.storedImages()
        }
    }

    func append(_ block: EmbeddingBlock) async throws {
        try await steps.during(.store) {
            try steps.fail(.appending(appends.next()), .storage)
            try store.append(block)
            steps.log.add { $0.appended += block.ids }
        }
    }

    func recordFailure(_ image: FailedImage) async throws {
        try await steps.during(.store) {
            try steps.fail(.recording(records.next()), .storage)
            store.recordFailure(image)
            steps.log.add { $0.failures.append(image) }
        }
    }

    func removeImages(notIn ids: ImageIDSet) async throws -> Int {
        try await steps.during(.store) {
            try steps.fail(.removing, .storage)
            return store.removeImages(notIn: ids)
        }
    }

    func finish(_ ending: RunEnding) async throws {
        try await steps.during(.store) {
            try steps.fail(.finishing, .storage)
            store.finish(ending)
            steps.log.add { $0.finishes.append(ending) }
        }
    }
}
