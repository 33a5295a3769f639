import CLIPCore
import CLIPImage
import CLIPImageFormats
import TestSupport
import Testing

/// Limits hold before memory is taken.
@Suite struct FormatLimitTests {
    /// A file of a few bytes that claims 100,000 × 100,000 pixels.
    private func bomb(_ kind: String) throws -> [UInt8] {
        func little(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        switch kind {
        case "bmp":
            var data = try Fixture.bytes("bmp-bgr-24.bmp")
            data.replaceSubrange(18..<26, with: little(100_000) + little(100_000))
            return data
        case "ico":
            var data = try Fixture.bytes("ico-bitmap-24.ico")
            data.replaceSubrange(26..<34, with: little(100_000) + little(200_000))
            return data
        case "pnm":
            return Array("P6\n100000 100000\n255\n".utf8)
        case "jp2":
            var data = try Fixture.bytes("jp2-rgb-tiles.j2k")
            for start in [8, 12] { data.replaceSubrange(start..<start + 4, with: little(100_000).reversed()) }
            for start in [16, 20] { data.replaceSubrange(start..<start + 4, with: [0, 0, 0, 0]) }
            return data
        default:
            var data = try Fixture.bytes("tiff-rgb-raw.tif")
            let directory = Int(data[4]) | Int(data[5]) << 8 | Int(data[6]) << 16
            for entry in 0..<2 {
                // ImageWidth and ImageLength come first: a LONG each.
                let start = directory + 2 + 12 * entry
                data.replaceSubrange(start + 2..<start + 12, with: [4, 0, 1, 0, 0, 0] + little(100_000))
            }
            return data
        }
    }

    @Test(arguments: ["bmp", "ico", "pnm", "jp2", "tiff"])
    func aBombIsRefusedByItsHeader(_ kind: String) throws {
        let data = try bomb(kind)
        var image = PixelImage()
        let error = #expect(throws: CLIPError.self) { try decoder.decode(data, into: &image) }
        #expect(error?.code == .limitExceeded, "\(String(describing: error))")
        #expect(error?.message.contains("the limit is 178956970 pixels") == true)
        #expect(image == PixelImage())
    }

    @Test func aGIFBombIsRefusedByItsHeader() throws {
        var data = try Fixture.bytes("gif-whole.gif")
        data.replaceSubrange(6..<10, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(decodingFailure(data)?.code == .limitExceeded)
    }

    @Test(
        arguments: [
            "bmp-bgr-24.bmp", "ico-bitmap-24.ico", "gif-gray.gif", "pnm-gray-255.pgm", "jp2-rgb.jp2",
            "tiff-rgb-tiff_lzw.tif",
            "tiff-rgb-lzma.tif", "tiff-ycbcr-tiff_lzw.tif", "tiff-rgb-big.tif", "heic-rgb-8-420-38x30.heic",
            "avif-rgb-8-420-38x30.avif", "jxl-rgb-lossless.jxl",
        ]
    )
    func everyLimitHoldsInEveryFormat(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let image = try decoder.decode(data)
        let pixels = image.width * image.height
        #expect(decodingFailure(data, .init(maxPixels: pixels - 1))?.code == .limitExceeded)
        #expect(decodingFailure(data, .init(maxPixels: pixels)) == nil)
        #expect(decodingFailure(data, .init(maxBytes: data.count - 1))?.code == .limitExceeded)
        if image.width != image.height {
            #expect(decodingFailure(data, .init(maxAspectRatio: 1))?.code == .limitExceeded)
        }
        #expect(decodingFailure(data, .init(maxMemory: 1000))?.code == .limitExceeded)
    }

    @Test func aTIFFDirectoryThatIsLargerThanTheFileIsRefused() throws {
        var data = try Fixture.bytes("tiff-rgb-raw.tif")
        let directory = Int(data[4]) | Int(data[5]) << 8 | Int(data[6]) << 16
        // The number of values of the last entry.
        let start = directory + 2 + 12 * (Int(data[directory]) - 1) + 4
        data.replaceSubrange(start..<start + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
        let error = decodingFailure(data)
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("far larger than the file") == true)
    }

    @Test func tilesOfAJPEG2000FileCountAsMemory() throws {
        var data = try Fixture.bytes("jp2-rgb-tiles.j2k")
        // Tiles of one pixel each.
        for start in [24, 28] { data.replaceSubrange(start..<start + 4, with: [0, 0, 0, 1]) }
        let error = decodingFailure(data, .init(maxMemory: 32 << 20))
        #expect(error?.code == .limitExceeded)
    }
}

/// Decoding takes no more memory than the header announces.
@Suite struct FormatMemoryTests {
    @Test(
        .enabled(if: Allocation.areSeen),
        arguments: [
            "bmp-bgr-24.bmp", "bmp-runs-8.bmp", "ico-bitmap-24.ico", "ico-png-palette.ico", "gif-animated.gif",
            "pnm-rgb-65535.ppm", "jp2-rgb.jp2", "jp2-rgb-tiles.j2k", "jp2-rgb-precincts.j2k", "tiff-rgb-tiff_lzw.tif",
            "tiff-jpeg-22-strips.tif", "tiff-jpeg-22-tiles.tif", "tiff-rgb-zstd.tif",
            "tiff-ycbcr-tiff_lzw.tif", "tiff-rgb-big.tif", "tiff-group4-0.tif",
        ]
    )
    func aCodecTakesNoMoreThanAnnounced(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let decoder = ImageFileDecoder(formats: .all)
        let taken = try Allocation.recorded { _ = try decoder.decode(data) }.reduce(0) { $0 + $1.bytes }
        let error = try #require(decodingFailure(data, .init(maxMemory: 1)))
        let needed = try #require(error.message.split(separator: " ").lazy.compactMap { Int($0) }.first)
        #expect(taken <= needed)
    }

    /// How far LZMA looks back is in its own header.
    @Test(.enabled(if: Allocation.areSeen)) func lzmaTakesItsDictionaryToo() throws {
        let data = try Fixture.bytes("tiff-rgb-lzma.tif")
        let decoder = ImageFileDecoder(formats: .all)
        let taken = try Allocation.recorded { _ = try decoder.decode(data) }.reduce(0) { $0 + $1.bytes }
        #expect(taken < 9 << 20)
    }
}
