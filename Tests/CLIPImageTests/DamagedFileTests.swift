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
                    let image = try decoder.decode(part)
                    #expect(try image.pixels == decoder.decode(data).pixels, "\(name) after \(end) bytes")
                    #expect(image.damage != nil, "\(name) after \(end) bytes")
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

    @Test func aJPEGThatEndsInTheMiddleOfItsPictureIsDamaged() throws {
        let data = try Fixture.bytes("rgb-420.jpg")
        let image = try ImageFileDecoder().decode(Array(data[..<(data.count - 200)]) + [0xFF, 0xD9])
        #expect(image.damage?.contains("premature end") == true)
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
        for place in [20, data.count - 2] {
            let image = try ImageFileDecoder().decode(data[..<place] + [7, 7] + data[place...])
            #expect(image.pixels == expected.pixels)
        }
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

    @Test(
        arguments: [
            ("no-end-420-then-zeros.jpg", "the marker for the end of the image is missing"),
            ("cut-420-60-and-end.jpg", "Corrupt JPEG data: premature end of data segment"),
            ("marker-lost-restart-0.jpg", "Corrupt JPEG data: "),
            ("data-wrong-checksum-2-8.png", "the checksum of the chunk IDAT is wrong"),
            ("data-half-the-rows-2-8.png", "the image data ends before the last row; the missing pixels are zero"),
            ("window-8.png", "the compressed image data refers further back than its header allows"),
            ("end-zeros-2-8.png", "the chunk for the end of the image, IEND, is missing"),
            ("palette-missing-3-8.png", "the palette is missing, so all pixels are black"),
            ("ancillary-text-wrong-checksum-2-8.png", "the checksum of the chunk tEXt is wrong"),
        ]
    )
    func aDamagedFileSaysWhatIsWrong(_ name: String, _ damage: String) throws {
        let data = try Fixture.bytes("damaged/\(name)")
        let found = try ImageFileDecoder().decode(data).damage
        #expect(found?.hasPrefix(damage) == true, "\(found ?? "none")")
        let error = decodingFailure(data, .init(acceptsDamage: false))
        #expect(error?.code == .corruptData)
        #expect(error?.message.contains(damage) == true)
    }

    @Test func damageIsNotKeptForTheNextImage() throws {
        var image = try ImageFileDecoder().decode(Fixture.bytes("damaged/window-8.png"))
        #expect(image.damage != nil)
        try ImageFileDecoder().decode(Fixture.bytes("orientation-6.jpg"), into: &image)
        #expect(image.damage == nil)
    }

    @Test func aSoundFileIsNotDamaged() throws {
        let decoder = ImageFileDecoder(options: .init(acceptsDamage: false))
        for name in try Fixture.expectations().keys {
            #expect(try decoder.decode(Fixture.bytes(name)).damage == nil, "\(name)")
        }
    }

    @Test(arguments: ["rgb-420.jpg", "filtered.png"])
    func aTruncatedFileThatIsAllowedIsDamaged(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let cut = Array(data[..<(data.count * 3 / 4)])
        let image = try ImageFileDecoder(options: .init(allowTruncated: true)).decode(cut)
        #expect(image.damage == "the file ends within its image data")
    }

    /// libjpeg keeps tables from image to image if it is let.
    @Test func aJPEGWithoutTablesDoesNotTakeThoseOfTheImageBefore() throws {
        let decoder = ImageFileDecoder()
        let data = try Fixture.bytes("rgb-420.jpg")
        _ = try decoder.decode(data)
        let start = try #require(data.indices.first { data[$0...].starts(with: [0xFF, 0xDB]) })
        let length = Int(data[start + 2]) << 8 | Int(data[start + 3])
        #expect(throws: CLIPError.self) { try decoder.decode(Array(data[..<start] + data[(start + 2 + length)...])) }
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
