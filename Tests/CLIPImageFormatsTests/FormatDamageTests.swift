import CLIPCore
import CLIPImage
import CLIPImageFormats
import Foundation
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
                continue
            }
            // What follows the pixels does not matter.
            let image = try decoder.decode(part)
            #expect(image.damage != nil || image.pixels == whole, "after \(end) bytes")
        }
    }

    /// `truncated.json` is made by `Tools/fixtures/make_truncated_format_fixtures.py`.
    @Test func onRequestTruncatedFilesAreReadAsPillowReadsThem() throws {
        struct Document: Decodable { let files: [String: [String: String?]] }
        let document = try JSONDecoder().decode(Document.self, from: Data(Fixture.bytes("truncated.json")))
        let tolerant = ImageFileDecoder(options: .init(allowTruncated: true), formats: .all)
        #expect(document.files.count > 30)
        for (name, cuts) in document.files.sorted(by: { $0.key < $1.key }) {
            let data = try Fixture.bytes(name)
            let whole = try decoder.decode(data).pixels
            for (length, hash) in cuts {
                let part = Array(data.prefix(try #require(Int(length))))
                guard let hash else {
                    #expect(throws: CLIPError.self, "\(name) after \(length) bytes") { try tolerant.decode(part) }
                    continue
                }
                do {
                    let image = try tolerant.decode(part)
                    #expect(try Fixture.hash(image.rgb) == hash, "\(name) after \(length) bytes")
                    #expect(image.damage != nil || image.pixels == whole, "\(name) after \(length) bytes")
                } catch {
                    Issue.record("\(name) after \(length) bytes: \(error)")
                }
            }
        }
    }

    /// Each is read by Pillow too, with the same pixels.
    @Test(
        arguments: [
            ("heic-rgb-8-420-38x30.heic", "libde265"), ("tiff-group4-0.tif", "line"), ("tiff-group3-0.tif", "line"),
        ]
    )
    func damageThatTheCodecGetsOverIsTold(_ name: String, _ reason: String) throws {
        let data = try Fixture.bytes(name)
        var reasons = Set<String>()
        for position in stride(from: data.count / 3, to: data.count, by: 5) {
            var changed = data
            changed[position] ^= 0x55
            if let damage = try? decoder.decode(changed).damage {
                reasons.insert(damage)
                #expect(decodingFailure(changed, .init(acceptsDamage: false))?.code == .corruptData)
            }
        }
        #expect(reasons.contains { $0.contains(reason) }, "\(reasons)")
    }

    @Test(arguments: ["bmp-bgr-24.bmp", "gif-gray.gif", "pnm-rgb-255.ppm", "ico-bitmap-8.ico", "pnm-rgb-255-plain.ppm"])
    func aFileCutInHalfSaysThatItIsTruncated(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let error = decodingFailure(Array(data[..<(data.count / 2)]))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("truncated") == true)
    }

    /// A JPEG file that was stored without loss is damaged with it.
    @Test func theReasonIsThatOfTheJPEGFileInAJPEGXLFile() throws {
        let data = try Fixture.bytes("jxl-jpeg-420.jxl")
        let start = try #require(data.indices.first { data[$0...].starts(with: "jbrd".utf8) })
        let length = data[start - 4..<start].reduce(0) { $0 << 8 | Int($1) }
        var reasons = Set<String>()
        for position in start + 4..<start - 4 + length {
            for bit in 0..<8 {
                var changed = data
                changed[position] ^= 1 << bit
                if let error = decodingFailure(changed) { reasons.insert(error.message) }
            }
        }
        #expect(reasons.contains { $0.hasPrefix("The JPEG file is damaged: ") }, "\(reasons)")
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
