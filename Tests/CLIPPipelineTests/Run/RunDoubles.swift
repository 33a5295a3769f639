import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization

/// An image file for these tests is one byte: the grey value of a single pixel.
///
/// 255 cannot be decoded.
struct ByteDecoder: ImageDecoder {
    func decode(_ data: [UInt8]) throws -> PixelImage {
        guard data.count == 1, data != [255] else { throw CLIPError(.corruptData, "damaged") }
        return PixelImage(width: 1, height: 1, format: .gray, pixels: data)
    }
}

/// Reads even grey values as damaged.
struct DamagedByteDecoder: ImageDecoder {
    func decode(_ data: [UInt8]) throws -> PixelImage {
        var image = try ByteDecoder().decode(data)
        if data[0].isMultiple(of: 2) { image.damage = "\(data[0]) is even" }
        return image
    }
}

/// Images from memory, with the ids `image-0` and so on unless they are given others.
struct BytesSource: ImageSource {
    var bytes: [[UInt8]]
    var ids: [String]
    /// What the images' versions are.
    var version: String?
    /// Called before an image is read.
    var onRead: @Sendable (_ id: String) async -> Void = { _ in }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes.map { [$0] }
        ids = bytes.indices.map { "image-\($0)" }
    }

    func makeIterator() -> any ImageIterator { Iterator(source: self) }

    private struct Iterator: ImageIterator {
        let source: BytesSource
        var position = 0

        mutating func next() -> ImageReference? {
            guard position < source.ids.count else { return nil }
            defer { position += 1 }
            let (id, bytes) = (source.ids[position], source.bytes[position])
            return ImageReference(id: id, version: source.version) { [onRead = source.onRead] in
                await onRead(id)
                return bytes
            }
        }
    }
}

extension EmbeddingRun {
    /// Runs to the end, and gives `onEvent` what happens.
    func run(control: RunControl = RunControl(), onEvent: (RunEvent) -> Void) async throws -> RunSummary {
        for try await event in events(control: control) {
            onEvent(event)
            if case .finished(let summary) = event { return summary }
        }
        preconditionFailure("a run ends with a summary or an error")
    }
}

/// Gives the image of grey value 2 a vector that is not a number.
struct BrokenEncoder: ImageEncoder {
    let model = ModelDescription.stub(size: 1, dimension: 1)

    func encode(_ batch: ImageBatch) -> EmbeddingMatrix {
        let values = stride(from: 0, to: batch.pixels.count, by: 3).map { batch.pixels[$0] == 2 ? Float.nan : 1 }
        return EmbeddingMatrix(dimension: 1, values: values)
    }
}

/// Gives vectors of length 2.
struct UnnormalizedEncoder: ImageEncoder {
    let model = ModelDescription.stub(size: 1, dimension: 1)

    func encode(_ batch: ImageBatch) -> EmbeddingMatrix {
        EmbeddingMatrix(dimension: 1, values: batch.map { _ in 2 })
    }
}

/// Encodes one batch; the next one takes until the task is cancelled.
struct EncoderOfOneBatch: ImageEncoder {
    let model = ModelDescription.stub(size: 1)
    private let isFirst = SharedFlag()

    /// Set until it is taken for the first time.
    private final class SharedFlag: Sendable {
        private let isSet = Atomic(true)

        func take() -> Bool { isSet.exchange(false, ordering: .relaxed) }
    }

    func encode(_ batch: ImageBatch) async throws -> EmbeddingMatrix {
        if !isFirst.take() { try await Task.sleep(for: .seconds(3600)) }
        return try StubImageEncoder(size: 1).encode(batch)
    }
}

/// Gives vectors that depend on the image and on the number of images in the batch.
struct BatchSizeEncoder: ImageEncoder {
    let model = ModelDescription.stub(size: 1)

    func encode(_ batch: ImageBatch) throws -> EmbeddingMatrix {
        var result = EmbeddingMatrix(dimension: model.embeddingDimension)
        for image in stride(from: 0, to: batch.pixels.count, by: 3) {
            result.append(try StubImageEncoder(size: 1).vector(for: [batch.pixels[image], UInt8(batch.count)]))
        }
        return result
    }
}

/// Has memory for some batches only.
struct SmallEncoder: ImageEncoder {
    let stub = StubImageEncoder(size: 1)
    let sizes = NumberRecorder()
    let fits: @Sendable (ImageBatch) -> Bool

    init(fits: @escaping @Sendable (ImageBatch) -> Bool) { self.fits = fits }

    init(fitting: Int) { self.init { $0.count <= fitting } }

    var model: ModelDescription { stub.model }

    func encode(_ batch: ImageBatch) throws -> EmbeddingMatrix {
        sizes.add(batch.count)
        guard fits(batch) else { throw CLIPError(.outOfMemory, "CUDA out of memory.") }
        return try stub.encode(batch)
    }
}

/// Numbers, in the order in which they came.
final class NumberRecorder: Sendable {
    private let recorded = Mutex([Int]())

    var values: [Int] { recorded.withLock(\.self) }

    @Sendable func add(_ value: Int) { recorded.withLock { $0.append(value) } }
}
