import CLIPCore
import CLIPImage
import Foundation
import Testing

/// With `allowTruncated`, what is there of a file is decoded as Pillow does with `LOAD_TRUNCATED_IMAGES`: hashes written by
/// `Tools/fixtures/make_truncated_fixtures.py`.
@Suite struct TruncatedFileTests {
    private struct Document: Decodable {
        let files: [String: [String: String?]]
    }

    private let decoder = ImageFileDecoder(options: .init(orientation: .ignore, allowTruncated: true))

    @Test func whatIsThereEqualsPillows() throws {
        let files = try JSONDecoder().decode(Document.self, from: Data(Fixture.bytes("truncated.json"))).files
        #expect(files.count >= 10)
        // Whatever an image before has left in the memory must not show.
        var image = PixelImage()
        for (name, hashes) in files {
            let data = try Fixture.bytes(name)
            for (length, hash) in hashes {
                let end = try #require(Int(length))
                if let hash {
                    try decoder.decode(Array(data[..<end]), into: &image)
                    #expect(Fixture.hash(image.pixels) == hash, "\(name) after \(end) bytes")
                } else if name.hasSuffix("png") {
                    #expect(throws: CLIPError.self, "\(name) after \(end) bytes") {
                        try decoder.decode(Array(data[..<end]))
                    }
                }
            }
        }
    }

    @Test(arguments: ["rgb-420-progressive.jpg", "rgb-444-progressive.jpg"])
    func aProgressiveImageShowsTheScansBeforeTheCut(_ name: String) throws {
        let data = try Fixture.bytes(name)
        let scans = data.indices.dropLast().filter { data[$0...].starts(with: [0xFF, 0xDA]) }
        try #require(scans.count > 2)
        let beforeTheScan = try decoder.decode(Array(data[..<scans[2]]))
        #expect(try decoder.decode(Array(data[..<(scans[2] + 5)])) == beforeTheScan)
        #expect(beforeTheScan.pixels.contains { $0 != 0 })
    }

    @Test(arguments: [
        ("rgb-420.jpg", [0xFF, 0xDA] as [UInt8], 14), ("filtered.png", Array("IDAT".utf8), 4),
    ])
    func aFileWithoutImageDataIsRefused(_ name: String, _ mark: [UInt8], _ headerLength: Int) throws {
        let data = try Fixture.bytes(name)
        let start = try #require(data.indices.first { data[$0...].starts(with: mark) })
        for end in 0...start + headerLength {
            #expect(throws: CLIPError.self, "after \(end) bytes") { try decoder.decode(Array(data[..<end])) }
        }
    }

    @Test(arguments: ["rgb-lossy.webp", "rgba-lossless.webp", "animated-rgb.webp"])
    func aTruncatedWebPFileIsRefusedAsByPillow(_ name: String) throws {
        let data = try Fixture.bytes(name)
        for missing in [1, 2, 20] {
            #expect(throws: CLIPError.self) { try decoder.decode(data.dropLast(missing)) }
        }
    }

    @Test(arguments: ["rgb-420.jpg", "gray-progressive.jpg", "palette-8.png", "rgba-lossy.webp"])
    func aCompleteFileIsDecodedAsEver(_ name: String) throws {
        let data = try Fixture.bytes(name)
        #expect(try decoder.decode(data) == ImageFileDecoder(options: .init(orientation: .ignore)).decode(data))
    }
}
