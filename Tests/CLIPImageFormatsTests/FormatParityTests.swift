import CLIPCore
import CLIPImage
import CLIPImageFormats
import Testing

/// Every pixel of the fixtures equals Pillow's after `exif_transpose` and `convert("RGB")`.
@Suite struct FormatParityTests {
    @Test(arguments: ["bmp", "ico", "gif", "pnm", "jp2", "tiff", "heic", "avif", "jxl"])
    func pixelsEqualPillows(_ kind: String) throws {
        let expectations = try Fixture.expectations().filter {
            $0.key.hasPrefix(kind + "-") && !$0.key.hasPrefix("jxl-large")
        }
        #expect(expectations.count >= 7)
        for (name, expected) in expectations.sorted(by: { $0.key < $1.key }) {
            do {
                let image = try decoder.decode(Fixture.bytes(name))
                #expect(image.width == expected.width && image.height == expected.height, "\(name)")
                if let reference = try Fixture.pixels(name) {
                    let difference = try Difference(image.rgb, reference)
                    #expect(difference.isOfRounding, "\(name): \(difference)")
                } else {
                    #expect(try Fixture.hash(image.rgb) == expected.rgb, "\(name)")
                }
                #expect(image.damage == nil, "\(name)")
            } catch {
                Issue.record("\(name): \(error)")
            }
        }
    }

    @Test func formatsAreReadOnlyIfGiven() throws {
        for name in [
            "gif-gray.gif", "bmp-gray.bmp", "tiff-gray-tiff_lzw.tif", "pnm-gray-255.pgm", "jp2-gray.jp2",
            "heic-gray-8.heic", "avif-gray-8-38x30.avif", "jxl-gray-lossless.jxl",
        ] {
            let data = try Fixture.bytes(name)
            #expect(throws: CLIPError.self) { try ImageFileDecoder().decode(data) }
        }
    }
}
