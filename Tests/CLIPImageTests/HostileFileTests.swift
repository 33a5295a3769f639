import CLIPCore
import CLIPImage
import TestSupport
import Testing

/// Files made to do harm give the right kind of error, or the image, at the cost of reading a header.
@Suite struct HostileFileTests {
    @Test(arguments: ["rgb-420.jpg", "filtered.png", "rgba-lossy.webp"])
    func aCutFileIsCorruptAtEveryLength(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let size = data.count
        for end in [0, 12, 25, 40, size / 4, size / 2, size * 99 / 100 - 13] {
            #expect(decodingFailure(Array(data[..<end]))?.code == .corruptData, "\(name) after \(end) bytes")
        }
        for missing in [1, 2] where !name.hasSuffix("png") {
            #expect(decodingFailure(data.dropLast(missing))?.code == .corruptData, "\(name) without \(missing) bytes")
        }
    }

    @Test(arguments: [[0], [0xFF], [0xFF, 0xD8], [UInt8](repeating: 0, count: 4096)])
    func bytesWithoutAMeaningAreNoImage(_ data: [UInt8]) {
        #expect(decodingFailure(data)?.code == .unsupportedFormat)
    }

    /// A header that asks for more memory than there is, were it believed.
    private func bomb(_ kind: String, _ side: Int) throws -> [UInt8] {
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: side >> (8 * $0)) }
        }
        switch kind {
        case "jpg":
            var data = try Fixture.bytes("rgb-420.jpg")
            let frame = try #require(data.indices.first { data[$0...].starts(with: [0xFF, 0xC0]) })
            data.replaceSubrange(frame + 5..<frame + 9, with: bytes(2) + bytes(2))
            return data
        case "png":
            var data = try Fixture.bytes("filtered.png")
            data.replaceSubrange(16..<24, with: bytes(4) + bytes(4))
            return data
        default:
            let canvas = [UInt8](bytes(3).reversed())
            return Array("RIFF\u{16}\0\0\0WEBPVP8X\u{0A}\0\0\0\0\0\0\0".utf8) + canvas + canvas
        }
    }

    @Test(arguments: [("jpg", 65_500), ("png", 100_000), ("webp", 100_000)])
    func aBombIsRefusedByItsHeader(_ kind: String, _ side: Int) throws {
        let data = try bomb(kind, side)
        var image = PixelImage()
        for allowTruncated in [false, true] {
            let decoder = ImageFileDecoder(options: .init(allowTruncated: allowTruncated))
            let error = #expect(throws: CLIPError.self) { try decoder.decode(data, into: &image) }
            #expect(error?.code == .limitExceeded)
            #expect(error?.message.contains("the limit is 178956970 pixels") == true)
            // The memory for the pixels was not taken.
            #expect(image == PixelImage())
        }
    }

    @Test(arguments: ["wide-20000x20.jpg", "wide-20000x20.png"])
    func aStripIsRefusedAboveTheAspectRatio(_ name: String) throws {
        let data = try Fixture.bytes(name)
        #expect(decodingFailure(data, .init(maxAspectRatio: 1000)) == nil)
        let error = decodingFailure(data, .init(maxAspectRatio: 999))
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("20000 × 20") == true)
        #expect(error?.message.contains("the limit is 999") == true)
        #expect(error?.message.contains("maxAspectRatio") == true)
    }

    @Test(arguments: ["rgb-lossy.webp", "rgb-444.jpg", "filtered.png"])
    func theAspectRatioIsLimitedInEveryKindOfFile(_ name: String) throws {
        let data = try Fixture.bytes(name)
        // 37 × 29 pixels.
        #expect(decodingFailure(data, .init(maxAspectRatio: 1))?.code == .limitExceeded)
        #expect(decodingFailure(data, .init(maxAspectRatio: 2)) == nil)
    }

    @Test func aPNGProfileOfEmptyLinesTakesNoMemory() throws {
        let data = try Fixture.bytes("filtered.png")
        let content = Array("tEXtRaw profile type exif\0".utf8) + [UInt8](repeating: 0x0A, count: 1_000_000)
        let length = (0..<4).reversed().map { UInt8(truncatingIfNeeded: (content.count - 4) >> (8 * $0)) }
        // After the header; the checksum is wrong, which is no obstacle.
        let damaged = Array(data[..<33] + length + content + [0, 0, 0, 0] + data[33...])
        let taken = try Allocation.peak { _ = try ImageFileDecoder().decode(damaged) }
        #expect(taken < 8 << 20)
    }

    @Test(
        arguments: [
            ("the directory lies beyond the end", [0xF0, 0xFF, 0xFF, 0xFF]),
            ("the directory is the header", [0, 0, 0, 0]),
            ("the next directory is the first", [8, 0, 0, 0, 0, 0, 8, 0, 0, 0]),
            ("there are 65535 entries", [8, 0, 0, 0, 0xFF, 0xFF]),
            ("there are 4294967295 values", [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 0xFF, 0xFF, 0xFF, 0xFF, 6, 0, 0, 0]),
            ("the entry is cut", [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0]),
        ] as [(String, [UInt8])]
    )
    func damagedExifMeansUpright(_ what: String, _ rest: [UInt8]) throws {
        let content = Array("Exif\0\0II*\0".utf8) + rest
        let data = try Fixture.bytes("rgb-444.jpg")
        let damaged = data[..<2] + [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content + data[2...]
        #expect(try ImageFileDecoder().decode(Array(damaged)) == ImageFileDecoder().decode(data), "\(what)")
    }
}
