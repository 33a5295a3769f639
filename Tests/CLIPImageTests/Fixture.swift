import CLIPCore
import CLIPImage
import Foundation
import TestSupport

/// Small image files, and what Pillow makes of them: written by `Tools/fixtures/make_image_fixtures.py`.
enum Fixture {
    struct Expected: Decodable {
        let format: String
        let width: Int
        let height: Int
        let pixels: String
        let uprightWidth: Int
        let uprightPixels: String
        let palette: String?
    }

    private struct Document: Decodable {
        let images: [String: Expected]
    }

    /// The facts about every file, by name.
    static func expectations() throws -> [String: Expected] {
        try JSONDecoder().decode(Document.self, from: Data(bytes("images.json"))).images
    }

    /// The content of a file in `Fixtures`.
    static func bytes(_ name: String) throws -> [UInt8] {
        try FileBytes.read(TestSupport.Fixture.path(name))
    }

    /// The files small enough to be decoded many times.
    static func smallFiles() throws -> [String] {
        try expectations().keys.filter { !$0.hasPrefix("wide") && !$0.hasPrefix("large") }.sorted()
    }

    /// The 64-bit FNV-1a hash in hexadecimal.
    static func hash(_ bytes: [UInt8]) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The code of the `CLIPError` that decoding throws, or nil where it gives an image.
func decodingFailure(_ data: [UInt8], _ options: ImageFileDecoder.Options = .init()) -> CLIPError? {
    do throws(any Error) {
        _ = try ImageFileDecoder(options: options).decode(data)
        return nil
    } catch {
        return error as? CLIPError ?? CLIPError(.inference, "not a CLIPError: \(error)")
    }
}
