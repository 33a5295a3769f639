import CLIPCore
import CLIPImage
import CLIPImageFormats
import TestSupport
import Testing

/// Files that make a codec work far more than their image needs are refused by their headers.
@Suite struct DecodingWorkTests {
    private func expectRefusal(_ data: [UInt8], _ options: ImageFileDecoder.Options = .init()) {
        let start = ContinuousClock.now
        let error = decodingFailure(data, options)
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("far more scans, layers, slices") == true, "\(error?.message ?? "")")
        // Decoding would take minutes.
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// A progressive JPEG file whose scans refine one coefficient, in grey.
    private func progressive(side: Int, scans: Int) -> [UInt8] {
        let frame: [UInt8] =
            [0xFF, 0xC2, 0, 11, 8] + HEIFFile.number(side, 2) + HEIFFile.number(side, 2) + [1, 1, 0x11, 0]
        let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 1, 0, 0]
        return [0xFF, 0xD8] + frame + (0..<scans).flatMap { _ in scan } + [0xFF, 0xD9]
    }

    @Test func aJPEGFileWithHundredsOfScansOfAHugeImageIsRefused() {
        expectRefusal(progressive(side: 13_000, scans: 500))
        expectRefusal(progressive(side: 13_000, scans: 26))
        // As many as any encoder writes for four channels.
        let error = decodingFailure(progressive(side: 13_000, scans: 18), .init(maxMemory: 1 << 20))
        #expect(error?.message.contains("memory") == true, "\(error?.message ?? "")")
    }

    @Test func smallJPEGFilesMayHaveManyScans() {
        let error = decodingFailure(progressive(side: 2000, scans: 500), .init(maxMemory: 1 << 20))
        #expect(error?.message.contains("memory") == true, "\(error?.message ?? "")")
    }

    /// The files have 17 and 16 layers of 8192 × 8192 pixels each (`Tools/fixtures/make_layered_fixtures.py`).
    @Test func aJPEGXLFileWithManyLargeLayersIsRefused() throws {
        expectRefusal(try Fixture.bytes("layers-17.jxl"))
        let error = decodingFailure(try Fixture.bytes("layers-16.jxl"), .init(maxMemory: 1 << 20))
        #expect(error?.message.contains("memory") == true, "\(error?.message ?? "")")
    }

    /// 40,000 tiles that are one and the same item, of a megabyte that is no image data.
    @Test func aHEICFileWithAHugeTileThatIsRepeatedIsRefused() {
        let data = HEIFFile.file(
            types: ["grid", "hvc1"],
            derivations: [1: [Int](repeating: 2, count: 200 * 200)],
            data: [
                1: [HEIFFile.grid(rows: 200, columns: 200, width: 12_800, height: 12_800)],
                2: [[1, 0x4E] + [UInt8](repeating: 0, count: 1 << 20)],
            ],
            properties: [HEIFFile.size(12_800, 12_800), HEIFFile.properties[1], HEIFFile.size(64, 64)],
            ofItems: [[1, 2], [3, 2]]
        )
        expectRefusal(data)
    }

    /// The parameter sets belong to each tile.
    @Test func aHEICFileWithHugeParameterSetsIsRefused() {
        let sets: [UInt8] = [UInt8](repeating: 0, count: 22) + [1, 0] + HEIFFile.number(65_535, 2)
        let configuration = HEIFFile.box("hvcC", sets + [UInt8](repeating: 0, count: 2 * 65_535))
        let data = HEIFFile.file(
            types: ["grid", "hvc1"],
            derivations: [1: [Int](repeating: 2, count: 255 * 255)],
            data: [1: [HEIFFile.grid(rows: 255, columns: 255, width: 16_320, height: 255)], 2: [[]]],
            properties: [HEIFFile.size(16_320, 255), configuration, HEIFFile.size(64, 1)],
            ofItems: [[1, 2], [3, 2]]
        )
        expectRefusal(data, .init(maxPixels: 1 << 30))
    }

    /// Each slice may cover the whole image.
    @Test func aHEICFileWithManySlicesOfAHugeImageIsRefused() {
        func file(_ slices: Int) -> [UInt8] {
            HEIFFile.file(
                types: ["hvc1"],
                derivations: [:],
                data: [1: [(0..<slices).flatMap { _ in [2, 0x28, 0] as [UInt8] }]],
                ofItems: [[4, 2]]
            )
        }
        expectRefusal(file(65))
        let error = decodingFailure(file(60), .init(maxMemory: 1 << 20))
        #expect(error?.message.contains("memory") == true, "\(error?.message ?? "")")
    }

    /// Each of 13,000 strips has the same megabyte.
    @Test func aTIFFFileWithHugeStripsThatAreRepeatedIsRefused() {
        let (side, size) = (13_000, 1 << 20)
        let arrays = 8 + size
        let offsets = (0..<side).flatMap { _ in TIFFFile.little(8, 4) }
        let counts = (0..<side).flatMap { _ in TIFFFile.little(size, 4) }
        let data = TIFFFile.file(
            [
                (256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1),
                (273, 4, side, arrays), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, side, arrays + 4 * side),
            ],
            data: [UInt8](repeating: 0, count: size) + offsets + counts
        )
        expectRefusal(data)
    }
}
