import CLIPCore
import CLIPImage
import Foundation
import TestSupport
import Testing

/// Damaged files that Pillow reads give Pillow's pixels and say that they are damaged, files that it refuses are refused,
/// and an orientation is found wherever Pillow finds it: files written by `Tools/fixtures/make_damaged_fixtures.py`.
@Suite struct DamagedParityTests {
    private struct Document: Decodable {
        struct Expected: Decodable {
            let format: String
            let width: Int
            let height: Int
            let pixels: String
            /// The pixels in RGB, for palettes.
            let colors: String?
        }

        let images: [String: Expected?]
    }

    /// `OPENCLIP_DAMAGED_IMAGES` names a folder with many more files.
    private static let folder =
        ProcessInfo.processInfo.environment["OPENCLIP_DAMAGED_IMAGES"] ?? TestSupport.Fixture.path("damaged")

    /// What Pillow refuses although the pixels are there and not in doubt: ancillary chunks of a PNG file are damaged; a
    /// JPEG file has a marker without meaning, or a second header at the end; a WebP file has a chunk or flag too many.
    private static func isReadAnyway(_ name: String, _ image: PixelImage) -> Bool {
        if name.hasSuffix("webp") { return image.damage?.contains("chunks") == true }
        return ["ancillary", "end-cut-text", "orientation-profile-bomb", "tem-"].contains { name.hasPrefix($0) }
            || name.hasSuffix("then-sof.jpg")
    }

    @Test(arguments: ["jpg", "png", "webp"])
    func whatPillowMakesOfAFileIsMadeOfIt(_ kind: String) throws {
        let list = try FileBytes.read("\(Self.folder)/damaged.json")
        let images = try JSONDecoder().decode(Document.self, from: Data(list)).images.filter { $0.key.hasSuffix(kind) }
        #expect(!images.isEmpty)
        // Whatever an image before has left in the memory must not show.
        var image = PixelImage()
        let decoder = ImageFileDecoder()
        for (name, expected) in images {
            let data = try FileBytes.read("\(Self.folder)/\(name)")
            do {
                try decoder.decode(data, into: &image)
            } catch {
                #expect(expected == nil, "\(name): \(error)")
                #expect((error as? CLIPError)?.code == .corruptData, "\(name): \(error)")
                continue
            }
            guard let expected else {
                #expect(Self.isReadAnyway(name, image), "\(name) is read: \(image.damage ?? "undamaged")")
                continue
            }
            #expect("\(image.format)" == expected.format, "\(name)")
            #expect(image.width == expected.width && image.height == expected.height, "\(name)")
            if let colors = expected.colors {
                let rgb = image.pixels.flatMap { image.palette[3 * Int($0)..<3 * Int($0) + 3] }
                #expect(Fixture.hash(rgb) == colors, "\(name)")
            } else {
                #expect(Fixture.hash(image.pixels) == expected.pixels, "\(name): \(image.damage ?? "undamaged")")
            }
        }
    }
}
