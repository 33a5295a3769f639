import CLIPCore
import CLIPPipeline
import CLIPTesting
import Testing

@Suite struct FailureLimitTests {
    private func embed(_ bytes: [UInt8], _ limit: FailureLimit, total: Int?) async -> (CLIPError?, MemoryStore) {
        let encoder = StubImageEncoder(size: 1)
        let store = MemoryStore(model: encoder.model)
        var options = EmbeddingRun.Options()
        options.batchSize = 2
        options.failureLimit = limit
        let run = EmbeddingRun(
            source: BytesSource(bytes),
            decoder: ByteDecoder(),
            encoder: encoder,
            writer: store,
            options: options
        )
        do {
            _ = try await run.run(imageCount: total)
            return (nil, store)
        } catch {
            return (error as? CLIPError, store)
        }
    }

    @Test func moreFailuresThanAllowedStopTheRunAndWhatIsDoneIsKept() async {
        let (error, store) = await embed(
            [1, 2, 255, 255, 255] + [UInt8](repeating: 9, count: 200),
            .count(2),
            total: nil
        )
        #expect(error?.code == .tooManyFailures)
        #expect(error?.message.contains("3 of ") == true && error?.message.contains("damaged") == true)
        #expect(store.ending == .stopped)
        #expect(store.count >= 2)
        #expect(store.failures.count == 3)
    }

    @Test(arguments: [(7.0, "7 %"), (2.5, "2.5 %"), (29.0, "29 %"), (0.1, "0.1 %"), (100.0, "100 %")])
    func aPercentageIsShownAsItWasGiven(percent: Double, text: String) {
        #expect(FailureLimit.share(percent / 100).text == text)
    }

    @Test func asManyFailuresAsAllowedDoNot() async {
        let (error, store) = await embed([1, 255, 255], .count(2), total: nil)
        #expect(error == nil)
        #expect(store.ending == .complete)
    }

    @Test func aShareIsOfAllImagesWhereTheirNumberIsKnown() async {
        let bytes = [UInt8](repeating: 255, count: 10) + [UInt8](repeating: 9, count: 90)
        #expect(await embed(bytes, .share(0.1), total: 100).0 == nil)
        #expect(await embed(bytes, .share(0.09), total: 100).0?.code == .tooManyFailures)
    }

    @Test func aShareOfAnUnknownNumberIsLookedAtOnceThereAreEnoughImages() async {
        let few = [UInt8](repeating: 255, count: 10) + [UInt8](repeating: 9, count: 10)
        #expect(await embed(few, .share(0.1), total: nil).0 == nil)
        let many = few + [UInt8](repeating: 255, count: 2000)
        #expect(await embed(many, .share(0.1), total: nil).0?.code == .tooManyFailures)
    }
}
