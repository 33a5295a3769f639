import CLIPCore
import CLIPImage
import TestSupport
import Testing

/// HEIF files that contradict themselves are refused, before they take memory or time.
@Suite struct HEIFStructureTests {
    private static let name = "heic-rgb-8-420-38x30.heic"

    /// The fixture with other bytes in the boxes of a type.
    private func changed(_ name: String, _ type: String, offset: Int, to bytes: [UInt8]) throws -> [UInt8] {
        var data = try Fixture.bytes(name)
        let starts = data.indices.filter { data[$0...].starts(with: type.utf8) }
        try #require(!starts.isEmpty)
        for start in starts { data.replaceSubrange(start + 4 + offset..<start + 4 + offset + bytes.count, with: bytes) }
        return data
    }

    @Test func imagesThatAreDerivedFromOneAnotherInACircleAreDamage() {
        for (types, derivations) in [(["iden"], [1: [1]]), (["iden", "grid"], [1: [2], 2: [1]])] {
            let error = decodingFailure(HEIFFile.file(types: types, derivations: derivations))
            #expect(error?.code == .corruptData)
            #expect(error?.message.contains("circle") == true)
        }
    }

    @Test(arguments: ["jpeg", "j2k1", "unci", "vvc1"])
    func anImageWithAnotherCodingIsRefusedWithItsName(_ coding: String) {
        let error = decodingFailure(HEIFFile.file(types: [coding], derivations: [:]))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("\"\(coding)\"") == true, "\(error?.message ?? "")")
    }

    @Test func aSequenceWithoutAStillImageIsRefused() {
        let error = decodingFailure(
            HEIFFile.box("ftyp", Array("hevc\0\0\0\0msf1hevc".utf8)) + HEIFFile.box("moov", [0, 0, 0, 0])
        )
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("no still image") == true)
    }

    @Test func anImageOfAnotherSizeThanItsHeaderSaysIsDamageAndTakesNoMemory() throws {
        // The image data has 130 × 100 pixels, the header says 32 × 32.
        let data = try changed(
            "heic-thumbnails.heic",
            "ispe",
            offset: 4,
            to: HEIFFile.number(32, 4) + HEIFFile.number(32, 4)
        )
        let taken = try Allocation.peak { #expect(decodingFailure(data)?.code == .corruptData) }
        #expect(taken < 400_000)
    }

    @Test func aBombIsRefusedByItsHeader() throws {
        let data = try changed(
            Self.name,
            "ispe",
            offset: 4,
            to: HEIFFile.number(100_000, 4) + HEIFFile.number(100_000, 4)
        )
        // The image is cropped to a few pixels, but decoded whole.
        let error = decodingFailure(data)
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("100000 × 100000 pixels; the limit is 178956970 pixels") == true)
    }

    /// The parts of a grid's data overlap: 65,535 times the whole file.
    @Test func partsOfAnImageThatOverlapAreNotPutTogether() throws {
        let parts = [[UInt8]](repeating: [0, 1, 2, 3], count: 65_535)
        var data = HEIFFile.file(types: ["grid", "hvc1"], derivations: [1: [2]], data: [1: parts])
        let start = data.count - 4 * parts.count - 8 * parts.count
        for extent in 0..<parts.count {
            data.replaceSubrange(
                start + 8 * extent..<start + 8 * extent + 8,
                with: HEIFFile.number(0, 4) + HEIFFile.number(100_000, 4)
            )
        }
        let taken = try Allocation.peak { #expect(decodingFailure(data)?.message.contains("overlap") == true) }
        #expect(taken < 32 << 20)
    }

    @Test(
        arguments: [
            (property: 1, count: 255, reason: "more than 256 properties"),
            (property: 3, count: 9, reason: "more than 8 transformations"),
        ] as [(property: UInt8, count: Int, reason: String)]
    )
    func anImageWithTooManyPropertiesIsRefused(_ property: UInt8, _ count: Int, _ reason: String) {
        let properties = [1, 2] + [UInt8](repeating: property, count: count)
        let error = decodingFailure(HEIFFile.file(types: ["hvc1"], derivations: [:], ofItems: [properties]))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains(reason) == true)
    }

    @Test func tilesBesideTheImageAreRefused() throws {
        // The grid's item data: version, flags, rows − 1, columns − 1, width, height.
        var data = try Fixture.bytes("heic-tiles-8-420-130x70.heic")
        let grid = [0, 0, 1, 2] + HEIFFile.number(130, 2) + HEIFFile.number(70, 2)
        let start = try #require(data.indices.first { data[$0...].starts(with: grid) })
        data.replaceSubrange(
            start..<start + 8,
            with: [0, 0, 255, 255] + HEIFFile.number(130, 2) + HEIFFile.number(70, 2)
        )
        #expect(decodingFailure(data)?.code == .corruptData)
    }

    /// A tile may be cropped, but has to be decoded whole.
    @Test func tilesOfWhichLittleIsShownAreRefused() {
        let data = HEIFFile.file(
            types: ["grid", "hvc1"],
            derivations: [1: [2]],
            data: [1: [HEIFFile.grid(rows: 1, columns: 1, width: 64, height: 64)]],
            ofItems: [[1, 2], [4, 2, 5]]
        )
        let error = decodingFailure(data)
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("far more pixels than the image") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [65_536, 65_537])
    func anImageWithTooManyUnitsIsRefused(_ count: Int) {
        // Each unit, which is none of image data, is one byte after its length.
        let units = (0..<count).flatMap { _ in [1, 0x4E] as [UInt8] }
        let error = decodingFailure(HEIFFile.file(types: ["hvc1"], derivations: [:], data: [1: [units]]))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("more than 65536 units") == (count > 65_536), "\(error?.message ?? "")")
    }

    @Test func aFileThatOnlySaysHEIFIsReadByItsCoding() throws {
        var data = try Fixture.bytes("avif-rgb-8-420-38x30.avif")
        let expected = try decoder.decode(data)
        data.replaceSubrange(8..<12, with: Array("mif1".utf8))
        #expect(try decoder.decode(data) == expected)
    }
}
