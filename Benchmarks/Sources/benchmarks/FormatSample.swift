import CCodecs
import CLIPCore
import CLIPImage
import CLIPImageFormats
import Foundation

/// Files of one format, their images, and the codec library that decodes them.
struct FormatSample {
    static let decoder = ImageFileDecoder(formats: .all)
    static let spec = PreprocessingSpec(height: 224, width: 224, resizeMode: .shortest, interpolation: .bicubic)
    static let preprocessor = ImagePreprocessor(spec: spec)
    /// GIF, BMP and PNM have no library: their codec is this package's.
    private static let codecs: [String: ccodecs_decoder_function] = [
        "jpeg": ccodecs_jpeg, "png": ccodecs_png, "webp": ccodecs_webp, "tiff": ccodecs_tiff, "heic": ccodecs_heic,
        "jpeg2000": ccodecs_jpeg2000, "avif": ccodecs_avif, "jpegxl": ccodecs_jpegxl,
    ]

    let name: String
    let files: [[UInt8]]
    let images: [PixelImage]
    private let codec: ccodecs_decoder_function?

    /// Memory for the image being decoded, by a library and by this package.
    struct Buffers {
        fileprivate var pixels: [UInt8]
        var image: PixelImage
    }

    /// The samples in the folders of a folder, each of which has the name of its format.
    static func all(in folder: URL) throws -> [FormatSample] {
        try contents(of: folder).map { try FormatSample($0) }
    }

    private init(_ folder: URL) throws {
        name = folder.lastPathComponent
        files = try Self.contents(of: folder).map { try [UInt8](Data(contentsOf: $0)) }
        images = try files.map { try Self.decoder.decode($0) }
        codec = Self.codecs[name]
    }

    private static func contents(of folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path() < $1.path() }
    }

    var buffers: Buffers {
        Buffers(pixels: [UInt8](repeating: 0, count: images.map(\.pixels.count).max() ?? 0), image: images[0])
    }

    /// Decodes a file with the codec alone.
    func decodeAlone(_ file: [UInt8], _ buffers: inout Buffers) throws {
        guard let codec else { return try Self.decoder.decode(file, into: &buffers.image) }
        if codec(file, file.count, &buffers.pixels) == 0 {
            throw Failure("the codec library does not read a file of format \(name)")
        }
    }
}
