import CLIPCore
import CLIPPipeline
import Testing

@Suite struct StageLoadTests {
    @Test(arguments: [
        ([RunStage.encode: 0.9, .read: 0.2, .decode: 0.3, .preprocess: 0.3], RunStage.encode),
        ([.encode: 0.5, .decode: 0.3, .preprocess: 0.4], .preprocess),
        ([.read: 0.95, .decode: 0.05, .encode: 0.2], .read),
        ([.write: 0.6, .encode: 0.5], .write),
    ])
    func theBottleneckIsTheBusiestStage(shares: [RunStage: Double], expected: RunStage) {
        #expect(StageLoad(shares).bottleneck == expected)
    }

    @Test func beforeAnythingIsDoneThereIsNoBottleneck() {
        #expect(StageLoad().bottleneck == nil)
    }
}
