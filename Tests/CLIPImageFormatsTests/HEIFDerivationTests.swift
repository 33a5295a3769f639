import CLIPCore
import CLIPImage
import CLIPImageFormats
import TestSupport
import Testing

/// Images that stand for others, or are composed of others, have the size that they say.
@Suite struct HEIFDerivationTests {
    /// A real file whose grid stands for its first tile instead, and says that it has another size.
    private func oneTile(width: Int, height: Int) throws -> [UInt8] {
        var data = try Fixture.bytes("heic-tiles-8-420-130x70.heic")
        func replace(_ old: [UInt8], _ new: [UInt8]) throws {
            let start = try #require(data.indices.first { data[$0...].starts(with: old) })
            data.replaceSubrange(start..<start + new.count, with: new)
        }
        try replace(Array("grid".utf8), Array("iden".utf8))
        try replace(HEIFFile.size(130, 70), HEIFFile.size(width, height))
        return data
    }

    @Test func anImageMayStandForAnother() throws {
        let image = try decoder.decode(oneTile(width: 64, height: 64))
        #expect((image.width, image.height) == (64, 64))
        #expect(Set(image.pixels).count > 100)
    }

    /// A smaller one would be written beyond its end, and of a larger one the rest would be the pixels of an earlier image.
    @Test(arguments: [(10, 10), (64, 63), (130, 70), (64, 65)])
    func anImageOfAnotherSizeThanTheOneItStandsForIsRefused(_ width: Int, _ height: Int) throws {
        let error = decodingFailure(try oneTile(width: width, height: height))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("another size") == true, "\(error?.message ?? "")")
    }

    /// Item 1 stands for item 2, an image of 8192 × 8192 pixels in tiles of 64 × 64.
    private func tilesBehind(_ size: UInt8) -> [UInt8] {
        HEIFFile.file(
            types: ["iden", "grid", "hvc1"],
            derivations: [1: [2], 2: [Int](repeating: 3, count: 128 * 128)],
            data: [2: [HEIFFile.grid(rows: 128, columns: 128, width: 8192, height: 8192)]],
            ofItems: [[size, 2], [4, 2], [1, 2]]
        )
    }

    @Test func aSmallImageThatStandsForALargeOneIsRefused() throws {
        let data = tilesBehind(1)
        let taken = try Allocation.peak { #expect(decodingFailure(data)?.message.contains("another size") == true) }
        #expect(taken < 32 << 20)
    }

    @Test func memoryAndPixelsOfAllImagesInAChainCount() {
        let data = tilesBehind(4)
        #expect(decodingFailure(data, .init(maxPixels: 8192 * 8192 - 1))?.code == .limitExceeded)
        // Five bytes per pixel: its planes, those of the image that it stands for, both twice, and the pixels.
        let error = decodingFailure(data, .init(maxMemory: 4 * 8192 * 8192))
        #expect(error?.code == .limitExceeded, "\(error?.message ?? "")")
    }

    /// A crop does not make decoding cheaper.
    @Test func maxPixelsHoldsBeforeCropping() {
        let data = HEIFFile.file(types: ["hvc1"], derivations: [:], data: [1: [[]]], ofItems: [[4, 2, 5]])
        let error = decodingFailure(data, .init(maxPixels: 8192 * 8192 - 1))
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("8192 × 8192 pixels") == true, "\(error?.message ?? "")")
        #expect(decodingFailure(data, .init(maxPixels: 8192 * 8192))?.code == .corruptData)
    }

    @Test func maxPixelsHoldsForOpacityToo() {
        let data = HEIFFile.file(
            types: ["hvc1", "hvc1"],
            derivations: [:],
            opacity: 2,
            ofItems: [[1, 2], [4, 2]]
        )
        let error = decodingFailure(data, .init(maxPixels: 8192 * 8192 - 1))
        #expect(error?.message.contains("8192 × 8192 pixels") == true, "\(error?.message ?? "")")
    }

    /// It is brought to the size of the image, which takes memory.
    @Test func opacityOfAnotherSizeCountsTwice() throws {
        func needed(_ numbers: [[UInt8]]) throws -> Int {
            let data = HEIFFile.file(types: ["hvc1", "hvc1"], derivations: [:], opacity: 2, ofItems: numbers)
            let message = try #require(decodingFailure(data, .init(maxMemory: 1))).message
            return try #require(message.split(separator: " ").lazy.compactMap { Int($0) }.first)
        }
        let alone = try needed([[4, 2], [4, 2]]) - 8192 * 8192 * 7
        #expect(try needed([[4, 2], [1, 2]]) > alone + 8192 * 8192 / 2)
    }
}
