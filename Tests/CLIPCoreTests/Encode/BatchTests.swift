import CLIPCore
import Testing

@Suite struct BatchTests {
    @Test func theElementsOfABatchAreItsImages() {
        var batch = ImageBatch(height: 1, width: 2)
        for image: [UInt8] in [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]] { batch.append(image) }
        #expect(batch.map(Array.init) == [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]])
        #expect(batch[1].startIndex == 6 && batch[1].first == 7)
        #expect(ImageBatch(height: 1, width: 1).isEmpty)
    }

    @Test func theElementsOfTokensAreTheTextsWithTheirPadding() {
        let tokens = TokenBatch(rows: [[1, 2, 3], [4]], length: 3, paddingID: 0)
        #expect(tokens.map(Array.init) == [[1, 2, 3], [4, 0, 0]])
        #expect(tokens[1].first == 4)
    }
}
