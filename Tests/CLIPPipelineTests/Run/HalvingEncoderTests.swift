import CLIPCore
import CLIPPipeline
import CLIPTesting
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
        let (encoder, told) = (SmallEncoder(fitting: 3), NumberRecorder())
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
        let (encoder, told) = (SmallEncoder(fitting: 8), NumberRecorder())
        _ = try await HalvingEncoder(encoder, onHalving: told.add).encode(batch(8))
        #expect(encoder.sizes.values == [8] && told.values.isEmpty)
    }

    @Test func aSingleImageThatDoesNotFitIsAnError() async {
        let told = NumberRecorder()
        let halving = HalvingEncoder(SmallEncoder(fitting: 0), onHalving: told.add)
        let error = await #expect(throws: CLIPError.self) { try await halving.encode(batch(8)) }
        #expect(error?.code == .outOfMemory && error?.message.contains("a single image") == true)
        #expect(told.values.isEmpty)
    }

    @Test func otherErrorsAreNotRetried() async {
        let sizes = NumberRecorder()
        let encoder = StubImageEncoder(size: 1) {
            sizes.add($0.count)
            return true
        }
        let error = await #expect(throws: CLIPError.self) { try await HalvingEncoder(encoder).encode(batch(8)) }
        #expect(error?.code == .inference && sizes.values == [8])
    }
}
