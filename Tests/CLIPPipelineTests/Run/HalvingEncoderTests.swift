import CLIPCore
import CLIPPipeline
import CLIPTesting
import Synchronization
import Testing

@Suite struct HalvingEncoderTests {
    private func batch(_ count: Int) -> ImageBatch {
        var batch = ImageBatch(height: 1, width: 1)
        for image in 0..<count { batch.append([UInt8](repeating: UInt8(image), count: 3)) }
        return batch
    }

    @Test(arguments: [1, 2, 3, 5, 8, 32], [1, 2, 7, 32, 33])
    func vectorsStayInOrderWhateverFits(fitting: Int, count: Int) async throws {
        let encoder = SmallEncoder(fitting: fitting)
        #expect(try await HalvingEncoder(encoder).encode(batch(count)) == encoder.stub.encode(batch(count)))
    }

    @Test func aBatchIsHalvedUntilItFitsAndLaterOnesStartWithThat() async throws {
        let (encoder, told) = (SmallEncoder(fitting: 3), Recorder())
        let halving = HalvingEncoder(encoder, onHalving: told.add)
        _ = try await halving.encode(batch(8))
        #expect(encoder.sizes.values == [8, 4, 2, 2, 2, 2])
        _ = try await halving.encode(batch(5))
        #expect(encoder.sizes.values.suffix(3) == [2, 2, 1])
        #expect(told.values == [2])
    }

    @Test func memoryMayRunOutInTheMiddleOfABatch() async throws {
        let encoder = SmallEncoder { $0.count <= ($0.pixels.contains(6) ? 1 : 4) }
        #expect(try await HalvingEncoder(encoder).encode(batch(9)) == encoder.stub.encode(batch(9)))
        #expect(encoder.sizes.values == [9, 5, 3, 3, 3, 2, 1, 1, 1])
    }

    @Test func aBatchThatFitsIsEncodedAtOnce() async throws {
        let (encoder, told) = (SmallEncoder(fitting: 8), Recorder())
        _ = try await HalvingEncoder(encoder, onHalving: told.add).encode(batch(8))
        #expect(encoder.sizes.values == [8] && told.values.isEmpty)
    }

    @Test func aSingleImageThatDoesNotFitIsAnError() async {
        let told = Recorder()
        let halving = HalvingEncoder(SmallEncoder(fitting: 0), onHalving: told.add)
        let error = await #expect(throws: CLIPError.self) { try await halving.encode(batch(8)) }
        #expect(error?.code == .outOfMemory && error?.message.contains("a single image") == true)
        #expect(told.values.isEmpty)
    }

    @Test func otherErrorsAreNotRetried() async {
        let sizes = Recorder()
        let encoder = StubImageEncoder(size: 1) {
            sizes.add($0.count)
            return true
        }
        let error = await #expect(throws: CLIPError.self) { try await HalvingEncoder(encoder).encode(batch(8)) }
        #expect(error?.code == .inference && sizes.values == [8])
    }
}

/// Has memory for some batches only.
private struct SmallEncoder: ImageEncoder {
    let stub = StubImageEncoder(size: 1)
    let sizes = Recorder()
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

private final class Recorder: Sendable {
    private let recorded = Mutex([Int]())

    var values: [Int] { recorded.withLock(\.self) }

    @Sendable func add(_ value: Int) { recorded.withLock { $0.append(value) } }
}
