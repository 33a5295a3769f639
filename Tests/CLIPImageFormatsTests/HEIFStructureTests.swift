import CLIPCore
import CLIPImage
import TestSupport
import Testing

/// HEIF files that contradict themselves are refused, before they take memory or time.
@Suite struct HEIFStructureTests {
    private static let name = "heic-rgb-8-420-38x30.heic"

    /// A box of an ISO base media file.
    private func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        number(8 + content.count, 4) + Array(type.utf8) + content
    }

    private func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A file with items of the given types, numbered from 1, that are derived from other items.
    ///
    /// Of the properties, 1 is the size, 2 the configuration, 3 a rotation, 4 a large size and 5 a crop to the size.
    /// Items other than the first may have properties of their own.
    private func file(
        types: [String],
        derivations: [Int: [Int]],
        extents: [UInt8] = [],
        properties numbers: [UInt8] = [1, 2],
        ofOthers others: [UInt8]? = nil
    ) -> [UInt8] {
        let entries = types.enumerated().map { index, type in
            box("infe", [2, 0, 0, 0] + number(index + 1, 2) + [0, 0] + Array(type.utf8) + [0])
        }
        let references = derivations.sorted { $0.key < $1.key }.map { from, to in
            box("dimg", number(from, 2) + number(to.count, 2) + to.flatMap { number($0, 2) })
        }
        let size = box("ispe", [0, 0, 0, 0] + number(64, 4) + number(64, 4))
        let configuration = box("hvcC", [UInt8](repeating: 0, count: 23))
        let associations = types.indices.flatMap { item in
            let numbers = item == 0 ? numbers : others ?? numbers
            return stride(from: 0, to: numbers.count, by: 255).map { start in
                let part = numbers[start...].prefix(255)
                return number(item + 1, 2) + [UInt8(part.count)] + part
            }
        }
        let associated = [0, 0, 0, 0] + number(associations.count, 4) + Array(associations.joined())
        let large = box("ispe", [0, 0, 0, 0] + number(8192, 4) + number(8192, 4))
        let crop = box("clap", [64, 1, 64, 1, 0, 1, 0, 1].flatMap { number($0, 4) })
        let all = size + configuration + box("irot", [0]) + large + crop
        let properties = box("ipco", all) + box("ipma", associated)
        let primary = box("pitm", [0, 0, 0, 0, 0, 1])
        let items = box("iinf", [0, 0, 0, 0] + number(types.count, 2) + Array(entries.joined()))
        let links = box("iref", [0, 0, 0, 0] + Array(references.joined()))
        let meta = primary + items + links + box("iprp", properties) + extents
        return box("ftyp", Array("heic\0\0\0\0mif1heic".utf8)) + box("meta", [0, 0, 0, 0] + meta)
    }

    /// The fixture with other bytes in the boxes of a type.
    private func changed(_ name: String, _ type: String, offset: Int, to bytes: [UInt8]) throws -> [UInt8] {
        var data = try Fixture.bytes(name)
        let starts = data.indices.filter { data[$0...].starts(with: type.utf8) }
        try #require(!starts.isEmpty)
        for start in starts { data.replaceSubrange(start + 4 + offset..<start + 4 + offset + bytes.count, with: bytes) }
        return data
    }

    /// Item data at the end of a file that is made with a given box `iloc`, for the first item.
    private func file(_ content: [UInt8], _ make: (_ extents: [UInt8]) -> [UInt8]) -> [UInt8] {
        func extents(at start: Int) -> [UInt8] {
            let header = [0, 0, 0, 0, 0x44, 0] + number(1, 2) + number(1, 2) + [0, 0] + number(1, 2)
            return box("iloc", header + number(start, 4) + number(content.count, 4))
        }
        return make(extents(at: make(extents(at: 0)).count)) + content
    }

    @Test func imagesThatAreDerivedFromOneAnotherInACircleAreDamage() {
        for (types, derivations) in [(["iden"], [1: [1]]), (["iden", "grid"], [1: [2], 2: [1]])] {
            let error = decodingFailure(file(types: types, derivations: derivations))
            #expect(error?.code == .corruptData)
            #expect(error?.message.contains("circle") == true)
        }
    }

    @Test(arguments: ["jpeg", "j2k1", "unci", "vvc1"])
    func anImageWithAnotherCodingIsRefusedWithItsName(_ coding: String) {
        let error = decodingFailure(file(types: [coding], derivations: [:]))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("\"\(coding)\"") == true, "\(error?.message ?? "")")
    }

    @Test func aSequenceWithoutAStillImageIsRefused() {
        let error = decodingFailure(box("ftyp", Array("hevc\0\0\0\0msf1hevc".utf8)) + box("moov", [0, 0, 0, 0]))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("no still image") == true)
    }

    @Test func anImageOfAnotherSizeThanItsHeaderSaysIsDamageAndTakesNoMemory() throws {
        // The image data has 130 × 100 pixels, the header says 32 × 32.
        let data = try changed("heic-thumbnails.heic", "ispe", offset: 4, to: number(32, 4) + number(32, 4))
        let taken = try Allocation.peak { #expect(decodingFailure(data)?.code == .corruptData) }
        #expect(taken < 400_000)
    }

    @Test func aBombIsRefusedByItsHeader() throws {
        let data = try changed(Self.name, "ispe", offset: 4, to: number(100_000, 4) + number(100_000, 4))
        // The image is cropped to a few pixels, but decoded whole.
        #expect(decodingFailure(data)?.code == .limitExceeded)
    }

    @Test func partsOfAnImageThatOverlapAreNotPutTogether() throws {
        // 65,535 extents of the whole file.
        let header = [0, 0, 0, 0, 0x44, 0] + number(1, 2) + number(1, 2) + [0, 0] + number(65_535, 2)
        let extents = (0..<65_535).flatMap { _ in number(0, 4) + number(100_000, 4) }
        let data = file(types: ["grid", "hvc1"], derivations: [1: [2]], extents: box("iloc", header + extents))
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
        let error = decodingFailure(file(types: ["hvc1"], derivations: [:], properties: properties))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains(reason) == true)
    }

    @Test func tilesBesideTheImageAreRefused() throws {
        // The grid's item data: version, flags, rows − 1, columns − 1, width, height.
        var data = try Fixture.bytes("heic-tiles-8-420-130x70.heic")
        let grid = [0, 0, 1, 2] + number(130, 2) + number(70, 2)
        let start = try #require(data.indices.first { data[$0...].starts(with: grid) })
        data.replaceSubrange(start..<start + 8, with: [0, 0, 255, 255] + number(130, 2) + number(70, 2))
        #expect(decodingFailure(data)?.code == .corruptData)
    }

    /// A tile may be cropped, but has to be decoded whole.
    @Test func tilesOfWhichLittleIsShownAreRefused() {
        // Version, flags, rows − 1, columns − 1, width, height.
        let data = file([0, 0, 0, 0] + number(64, 2) + number(64, 2)) { extents in
            file(
                types: ["grid", "hvc1"],
                derivations: [1: [2]],
                extents: extents,
                ofOthers: [4, 2, 5]
            )
        }
        let error = decodingFailure(data)
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("far more pixels than the image") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [65_536, 65_537])
    func anImageWithTooManyUnitsIsRefused(_ count: Int) {
        // Each unit is one byte after its length.
        let data = file((0..<count).flatMap { _ in [1, 0] as [UInt8] }) { extents in
            file(types: ["hvc1"], derivations: [:], extents: extents)
        }
        let error = decodingFailure(data)
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
