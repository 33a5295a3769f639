import CAllocations
import CLIPCore
import CLIPPipeline
import CLIPTesting
import TestSupport
import Testing

#if os(Linux)
/// The memory of batches goes from one to the next.
@Suite struct BatchMemoryTests {
    @Test(.enabled(if: Allocation.areSeen)) func aRunTakesMemoryForAFewBatchesOnly() async throws {
        // 11 images of 37 × 37 pixels: a size that nothing else in this process is likely to have.
        let encoder = StubImageEncoder(size: 37)
        let batchBytes = 11 * 37 * 37 * 3
        var options = EmbeddingRun.Options()
        options.batchSize = 11
        let run = EmbeddingRun(
            source: BytesSource((0..<11 * 60).map { UInt8($0 % 255) }),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: MemoryStore(model: encoder.model),
            options: options
        )
        callocations_watch(batchBytes, batchBytes + 256)
        let result = try await run.run()
        let count = callocations_stop_watching()
        #expect(result.embedded == 11 * 60)
        // One is filled, two wait and one is encoded; twice that leaves room for a few that are copied.
        #expect(1...8 ~= count)
    }
}
#endif
