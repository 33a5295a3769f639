internal import CLIPCore
internal import CLIPImage

/// A decoder of one file that warns if the file is damaged.
struct WarningDecoder: ImageDecoder {
    private let decoder: ImageFileDecoder
    private let file: String

    init(_ decoder: ImageFileDecoder, file: String) {
        self.decoder = decoder
        self.file = file
    }

    var postprocessing: String? { decoder.postprocessing }

    func decode(_ data: [UInt8]) throws -> PixelImage {
        let image = try decoder.decode(data)
        if let damage = image.damage {
            Terminal.printError(
                Text.printable("warning: \(file) is damaged and was read as far as it goes: \(damage)")
            )
        }
        return image
    }
}
