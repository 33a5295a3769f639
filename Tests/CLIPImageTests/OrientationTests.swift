import CLIPCore
import CLIPImage
import TestSupport
import Testing

/// The EXIF orientation is read where it is sound, and does no harm where it is not.
@Suite struct OrientationTests {
    /// A TIFF header and a directory of entries: tag, type, count, value field.
    private func exif(bigEndian: Bool, _ entries: [(tag: Int, type: Int, count: Int, value: Int)]) -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            let bigEndianBytes = (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return bigEndian ? bigEndianBytes : bigEndianBytes.reversed()
        }
        var data: [UInt8] = bigEndian ? [0x4D, 0x4D] : [0x49, 0x49]
        data += number(42, 2) + number(8, 4) + number(entries.count, 2)
        for entry in entries {
            let size = entry.type == 3 ? 2 : entry.type == 1 ? 1 : 4
            data += number(entry.tag, 2) + number(entry.type, 2) + number(entry.count, 4)
            data += number(entry.value, size) + [UInt8](repeating: 0, count: 4 - size)
        }
        return Array("Exif\0\0".utf8) + data
    }

    /// Size of the upright image of a 37 × 29 JPEG that carries an APP1 segment.
    private func uprightSize(segment: [UInt8]) throws -> [Int] {
        let plain = try Fixture.bytes("rgb-444.jpg")
        let length = segment.count + 2
        let marker: [UInt8] = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]
        let image = try ImageFileDecoder().decode(plain[..<2] + marker + segment + plain[2...])
        return [image.width, image.height]
    }

    @Test(arguments: [true, false])
    func theTagIsReadInBothByteOrders(bigEndian: Bool) throws {
        let data = exif(bigEndian: bigEndian, [(0x010F, 3, 1, 7), (0x0112, 3, 1, 6), (0x0131, 3, 1, 1)])
        #expect(try uprightSize(segment: data) == [29, 37])
    }

    @Test(arguments: [3, 4, 9, 13])
    func anyTypeOfIntegersWillDo(type: Int) throws {
        #expect(try uprightSize(segment: exif(bigEndian: true, [(0x0112, type, 1, 8)])) == [29, 37])
        #expect(try uprightSize(segment: exif(bigEndian: false, [(0x0112, type, 1, 8)])) == [29, 37])
    }

    @Test(arguments: [1, 2, 7])
    func bytesAndTextAreNoNumbers(type: Int) throws {
        #expect(try uprightSize(segment: exif(bigEndian: true, [(0x0112, type, 1, 8)])) == [37, 29])
    }

    @Test(arguments: [0, 9, 255, 65535])
    func aValueOutsideOneToEightIsIgnored(value: Int) throws {
        #expect(try uprightSize(segment: exif(bigEndian: true, [(0x0112, 3, 1, value)])) == [37, 29])
    }

    @Test func theFirstOfSeveralValuesCounts() throws {
        #expect(try uprightSize(segment: exif(bigEndian: true, [(0x0112, 3, 2, 6)])) == [29, 37])
    }

    @Test func damagedDataIsIgnored() throws {
        let sound = exif(bigEndian: false, [(0x010F, 3, 1, 7), (0x0112, 3, 1, 6)])
        #expect(try uprightSize(segment: sound) == [29, 37])
        for end in 6..<sound.count - 4 {
            #expect(try uprightSize(segment: Array(sound[..<end])) == [37, 29], "cut after \(end) bytes")
        }
        for position in 6..<sound.count {
            var data = sound
            data[position] = 0xFF
            let size = try uprightSize(segment: data)
            #expect(size == [37, 29] || size == [29, 37], "byte \(position) is 255")
        }
    }

    @Test func aSecondSegmentContinuesTheFirst() throws {
        let data = try Fixture.bytes("orientation-6.jpg")
        let second = exif(bigEndian: true, [(0x0112, 3, 1, 1)])
        let marker: [UInt8] = [0xFF, 0xE1, 0, UInt8(second.count + 2)]
        let first = try ImageFileDecoder().decode(data)
        let start = try #require((2..<data.count).first { data[$0] == 0xFF && data[$0 + 1] == 0xDB })
        #expect(try ImageFileDecoder().decode(data[..<start] + marker + second + data[start...]) == first)
    }

    /// All texts together are read up to 64 MiB.
    @Test(arguments: [63, 64])
    func manyCompressedProfilesAreNotExpanded(_ count: Int) throws {
        func profile(_ name: String) throws -> (file: [UInt8], range: Range<Int>) {
            let file = try Fixture.bytes("damaged/orientation-profile-\(name).png")
            let start = try #require(file.indices.first { file[$0...].starts(with: "zTXt".utf8) }) - 4
            let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            return (file, start..<start + 12 + length)
        }
        let (bombs, bomb) = try profile("bomb")
        let (file, small) = try profile("zTXt")
        let repeated = (0..<count).flatMap { _ in bombs[bomb] }
        let stored = try ImageFileDecoder(options: .init(orientation: .ignore)).decode(file)
        let image = try ImageFileDecoder().decode(file[..<small.lowerBound] + repeated + file[small.lowerBound...])
        #expect((image == stored) == (count > 63))
        #expect(image.damage == nil)
    }

    /// Of a text that expands without end, no more is read than its limit.
    @Test(.enabled(if: Allocation.areSeen)) func aCompressedProfileTakesLittleMemory() throws {
        let data = try Fixture.bytes("damaged/orientation-profile-bomb.png")
        let taken = try Allocation.recorded { _ = try ImageFileDecoder().decode(data) }
        #expect(taken.reduce(0) { $0 + $1.bytes } < 4 << 20)
        #expect(try ImageFileDecoder().decode(data).damage == nil)
    }
}
