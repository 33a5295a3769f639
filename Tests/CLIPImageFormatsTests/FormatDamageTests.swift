import CLIPCore
import CLIPImage
import Testing

/// Bad files are refused with a reason, and never end the process.
@Suite struct FormatDamageTests {
    private static let sample = [
        "bmp-palette-8-v40.bmp", "bmp-runs-8.bmp", "bmp-bgr-565.bmp", "ico-bitmap-24.ico", "ico-png-palette.ico",
        "gif-palette-16.gif", "gif-partial-interlaced.gif", "pnm-rgb-255.ppm", "pnm-gray-255-plain.pgm",
        "pnm-floats.pfm", "jp2-gray.jp2", "jp2-rgb-tiles.j2k", "tiff-rgb-tiff_lzw.tif", "tiff-group4-0.tif",
        "tiff-jpeg-22-tiles.tif", "tiff-palette8-None-strips-big-endian.tif", "heic-rgb-8-420-38x30.heic",
        "heic-rgba-10-422-38x30.heic", "heic-turned-7-420-37x29.heic", "heic-tiles-8-420-130x70.heic",
        "avif-rgb-8-420-38x30.avif", "avif-rgba-8-444-38x30.avif", "avif-turned-1-0.avif", "avif-animated.avif",
        "jxl-rgb-lossy.jxl", "jxl-rgba-lossless.jxl", "jxl-jpeg-420.jxl", "jxl-animated.jxl",
    ]
    private static let codes: [CLIPError.Code] = [.corruptData, .unsupportedFormat, .limitExceeded]

    @Test(arguments: sample)
    func aFileCutAnywhereIsRefusedOrComplete(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let whole = try decoder.decode(data).pixels
        for end in stride(from: 1, to: data.count, by: data.count > 600 ? 29 : 1) {
            let part = Array(data[..<end])
            if let error = decodingFailure(part) {
                #expect(Self.codes.contains(error.code), "after \(end) bytes: \(error)")
            } else {
                // What follows the pixels does not matter.
                #expect(try decoder.decode(part).pixels == whole, "after \(end) bytes")
            }
        }
    }

    @Test(arguments: ["bmp-bgr-24.bmp", "gif-gray.gif", "pnm-rgb-255.ppm", "ico-bitmap-8.ico", "pnm-rgb-255-plain.ppm"])
    func aFileCutInHalfSaysThatItIsTruncated(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let error = decodingFailure(Array(data[..<(data.count / 2)]))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("truncated") == true)
    }

    @Test(arguments: sample)
    func changedBytesNeverEndTheProcess(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let options = ImageFileDecoder.Options(maxPixels: 100_000, maxMemory: 64 << 20)
        var generator = LinearCongruentialGenerator(state: 18)
        for round in 0..<120 {
            var changed = data
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                // Half of the changes hit the header.
                let end = round.isMultiple(of: 2) ? min(data.count, 128) : data.count
                changed[Int.random(in: 0..<end, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            if let error = decodingFailure(changed, options) {
                #expect(Self.codes.contains(error.code), "\(error)")
            }
        }
    }
}

/// Knuth's MMIX generator: the same random numbers in every run.
struct LinearCongruentialGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 33
    }
}
