import CLIPCore
import CLIPImage
import Testing

/// Bad files are refused with a reason; none ends the process or gives made-up pixels in silence.
@Suite struct DamagedFileTests {
    @Test func aFileCutAnywhereIsRefusedOrComplete() throws {
        for name in try Fixture.smallFiles() {
            let data = try Fixture.bytes(name)
            let whole = try ImageFileDecoder().decode(data)
            for end in stride(from: 16, to: data.count, by: data.count > 500 ? 13 : 1) {
                let part = Array(data[..<end])
                if let error = decodingFailure(part) {
                    #expect(error.code == .corruptData, "\(name) after \(end) bytes: \(error)")
                } else {
                    // A PNG file whose last chunks are missing has all its pixels; the orientation may come after them.
                    let decoder = ImageFileDecoder(options: .init(orientation: .ignore))
                    #expect(try decoder.decode(part) == decoder.decode(data), "\(name) after \(end) bytes")
                    #expect(name.hasSuffix("png") && whole.format != .cmyk, "\(name) after \(end) bytes")
                }
            }
        }
    }

    @Test(arguments: ["rgb-420.jpg", "rgb-420-progressive.jpg", "rgb-restart-markers.jpg", "gray.jpg", "cmyk.jpg"])
    func aJPEGCutAnywhereSaysThatItIsTruncated(_ name: String) throws {
        let data = try Fixture.bytes(name)
        for end in 4..<data.count {
            let error = decodingFailure(Array(data[..<end]))
            #expect(error?.code == .corruptData && error?.message.contains("truncated") == true, "after \(end) bytes")
        }
    }

    @Test(arguments: ["filtered.png", "rgba-lossy.webp", "rgb-lossless.webp"])
    func aFileCutInHalfSaysThatItIsTruncated(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let error = decodingFailure(Array(data[..<(data.count / 2)]))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("truncated") == true)
    }

    @Test func aJPEGThatEndsInTheMiddleOfItsPictureIsTruncated() throws {
        let data = try Fixture.bytes("rgb-420.jpg")
        let error = decodingFailure(data[..<(data.count - 200)] + [0xFF, 0xD9])
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains("truncated") == true)
    }

    @Test func bytesAfterTheEndDoNoHarm() throws {
        for name in ["rgb-420.jpg", "rgb-420-progressive.jpg", "filtered.png", "rgba-lossless.webp"] {
            let data = try Fixture.bytes(name)
            let expected = try ImageFileDecoder().decode(data)
            #expect(try ImageFileDecoder().decode(data + Array("some words, \u{FF}".utf8)) == expected, "\(name)")
            #expect(try ImageFileDecoder().decode(data + [0xFF, 0xD8, 0xFF, 0xFF]) == expected, "\(name)")
        }
    }

    @Test func strayBytesBetweenTheSegmentsOfAJPEGDoNoHarm() throws {
        let data = try Fixture.bytes("rgb-420.jpg")
        let expected = try ImageFileDecoder().decode(data)
        let beforeEnd = Array(data.dropLast(2)) + [0, 1, 2] + data.suffix(2)
        #expect(try ImageFileDecoder().decode(beforeEnd) == expected)
        #expect(try ImageFileDecoder().decode(data[..<20] + [7, 7] + data[20...]) == expected)
    }

    @Test func changedBytesNeverEndTheProcess() throws {
        let options = ImageFileDecoder.Options(maxPixels: 100_000)
        var generator = LinearCongruentialGenerator(state: 20)
        for name in try Fixture.smallFiles() {
            let data = try Fixture.bytes(name)
            for _ in 0..<60 {
                var changed = data
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    changed[Int.random(in: 0..<data.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                if let error = decodingFailure(changed, options) {
                    #expect(
                        [.corruptData, .unsupportedFormat, .limitExceeded].contains(error.code),
                        "\(name): \(error)"
                    )
                }
            }
        }
    }

    @Test func aWrongChecksumInAPNGIsDamage() throws {
        var data = try Fixture.bytes("filtered.png")
        let position = try #require(data.indices.dropLast(4).last { data[$0...].starts(with: "IDAT".utf8) })
        data[position + 20] ^= 1
        #expect(decodingFailure(data)?.code == .corruptData)
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
