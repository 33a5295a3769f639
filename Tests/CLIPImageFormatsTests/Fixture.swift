import CLIPCore
import CLIPImage
import CLIPImageFormats
import Foundation
import TestSupport

/// Small image files, and what Pillow makes of them: written by `Tools/fixtures/make_format_fixtures.py`.
enum Fixture {
    struct Expected: Decodable {
        let width: Int
        let height: Int
        let rgb: String
    }

    private struct Document: Decodable {
        let images: [String: Expected]
    }

    /// The facts about every file, by name.
    static func expectations() throws -> [String: Expected] {
        try ["formats.json", "modern.json"].reduce(into: [:]) { all, name in
            let document = try JSONDecoder().decode(Document.self, from: Data(bytes(name)))
            all.merge(document.images) { _, new in new }
        }
    }

    /// The content of a file in `Fixtures`.
    static func bytes(_ name: String) throws -> [UInt8] {
        try FileBytes.read(TestSupport.Fixture.path(name))
    }

    /// Pillow's pixels of a small lossy JPEG XL file, whose codec computes with floats; nil for every other file.
    static func pixels(_ name: String) throws -> [UInt8]? {
        let isLossy = name.hasPrefix("jxl-") && (name.contains("lossy") || name.contains("distance-1"))
        return isLossy ? try bytes(name + ".rgb") : nil
    }

    /// The 64-bit FNV-1a hash in hexadecimal.
    static func hash(_ bytes: [UInt8]) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The decoder under test.
let decoder = ImageFileDecoder(formats: .all)

extension PixelImage {
    /// The pixels after Pillow's `convert("RGB")`, three bytes each.
    var rgb: [UInt8] {
        get throws {
            let spec = PreprocessingSpec(height: height, width: width, resizeMode: .squash, interpolation: .bicubic)
            return try ImagePreprocessor(spec: spec).preprocess(self)
        }
    }
}

/// The error that decoding throws, or nil where it gives an image.
func decodingFailure(_ data: [UInt8], _ options: ImageFileDecoder.Options = .init()) -> CLIPError? {
    do throws(any Error) {
        _ = try ImageFileDecoder(options: options, formats: .all).decode(data)
        return nil
    } catch {
        return error as? CLIPError ?? CLIPError(.inference, "not a CLIPError: \(error)")
    }
}
