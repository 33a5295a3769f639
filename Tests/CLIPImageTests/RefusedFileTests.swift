import CLIPCore
import CLIPImage
import Testing

/// Files that are no JPEG, PNG or WebP image, or too large a one, are refused before anything is decoded.
@Suite struct RefusedFileTests {
    @Test func anEmptyFileIsNamedSo() {
        let error = decodingFailure([])
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("empty") == true)
    }

    @Test func textIsNoImage() {
        let error = decodingFailure(Array("What a lovely picture.\n".utf8))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("not a JPEG, PNG or WebP image") == true)
    }

    @Test(arguments: [
        ("GIF", Array("GIF89a".utf8)),
        ("BMP", Array("BM\u{36}\0\0\0".utf8)),
        ("TIFF", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]),
        ("TIFF", [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8]),
        ("HEIC", Array("\0\0\0\u{18}ftypheic".utf8)),
        ("AVIF", Array("\0\0\0\u{18}ftypavif".utf8)),
        ("JPEG XL", [0xFF, 0x0A, 0]),
        ("PDF", Array("%PDF-1.7".utf8)),
        ("HTML", Array("\r\n <!DOCTYPE html><title>404</title>".utf8)),
        ("HTML", Array("<HTML><body>".utf8)),
    ])
    func anotherKindOfFileIsNamed(_ name: String, _ start: [UInt8]) {
        let error = decodingFailure(start + [UInt8](repeating: 0, count: 64))
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains(" \(name) file") == true)
        #expect(error?.message.contains("Convert it to JPEG first.") == true)
    }

    @Test func theKindComesFromTheContent() throws {
        #expect(decodingFailure(try Fixture.bytes("filtered.png")) == nil)
        #expect(decodingFailure([0xFF, 0xD8, 0xFF])?.code == .corruptData)
        #expect(decodingFailure(Array("RIFF\0\0\0\0WAVEfmt ".utf8))?.code == .unsupportedFormat)
    }

    @Test func aHugePNGIsRefusedByItsHeader() throws {
        var data = try Fixture.bytes("filtered.png")
        data.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
        let error = decodingFailure(data)
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("100000 × 100000") == true)
    }

    @Test func aHugeJPEGIsRefusedByItsHeader() throws {
        var data = try Fixture.bytes("rgb-420.jpg")
        let frame = try #require(data.indices.first { data[$0...].starts(with: [0xFF, 0xC0]) })
        data.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(decodingFailure(data)?.code == .limitExceeded)
    }

    @Test func aHugeWebPIsRefusedByItsHeader() {
        let size: [UInt8] = [0x9F, 0x86, 1]
        let header = Array("RIFF\u{16}\0\0\0WEBPVP8X\u{0A}\0\0\0\0\0\0\0".utf8) + size + size
        let error = decodingFailure(header)
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("100000 × 100000") == true)
    }

    @Test func limitsAreInclusive() throws {
        let data = try Fixture.bytes("rgb-444.jpg")
        func failure(pixels: Int, bytes: Int) -> CLIPError.Code? {
            decodingFailure(data, .init(maxPixels: pixels, maxBytes: bytes))?.code
        }
        #expect(failure(pixels: 37 * 29, bytes: data.count) == nil)
        #expect(failure(pixels: 37 * 29 - 1, bytes: data.count) == .limitExceeded)
        #expect(failure(pixels: 37 * 29, bytes: data.count - 1) == .limitExceeded)
    }

    @Test(arguments: ["wide-20000x20.jpg", "wide-20000x20.png"])
    func aVeryWideImageIsDecoded(_ name: String) throws {
        let image = try ImageFileDecoder().decode(Fixture.bytes(name))
        #expect(image.width == 20_000 && image.height == 20)
    }

    @Test func aLosslessJPEGIsNotRead() throws {
        var data = try Fixture.bytes("rgb-420.jpg")
        let frame = try #require(data.indices.first { data[$0...].starts(with: [0xFF, 0xC0]) })
        data[frame + 1] = 0xC3
        #expect(decodingFailure(data)?.code == .unsupportedFormat)
        data[frame + 1] = 0xC0
        data[frame + 4] = 12
        #expect(decodingFailure(data)?.code == .unsupportedFormat)
    }
}
