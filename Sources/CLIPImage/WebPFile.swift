internal import CLIPCore
internal import CWebP

/// A WebP file, decoded with libwebp's decoder of animations, which Pillow takes for still images as well.
struct WebPFile: ImageFile {
    let width: Int
    let height: Int
    private let data: [UInt8]

    /// Reads the header.
    init(_ data: [UInt8]) throws(CLIPError) {
        self.data = data
        let file = data[...]
        if file.dropFirst(12).starts(with: "VP8X".utf8),
            let width = file.number(at: 24, bytes: 3, .little),
            let height = file.number(at: 27, bytes: 3, .little)
        {
            // libwebp refuses a canvas of 2³² pixels; reading it here lets the limits speak.
            self.width = width + 1
            self.height = height + 1
        } else {
            let features = try Self.features(data)
            width = Int(features.width)
            height = Int(features.height)
        }
    }

    private static func features(_ data: [UInt8]) throws(CLIPError) -> WebPBitstreamFeatures {
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(data, data.count, &features) == VP8_STATUS_OK else { throw failure(data) }
        return features
    }

    /// What the `EXIF` chunk says.
    var orientation: EXIFOrientation {
        // Chunks follow the RIFF header: a name, a length, and the content, padded to an even length.
        var chunk = data.dropFirst(12)
        while let length = chunk.number(at: 4, bytes: 4, .little) {
            if chunk.starts(with: "EXIF".utf8) {
                return EXIFOrientation(exif: chunk.dropFirst(8).prefix(length))
            }
            chunk = chunk.dropFirst(8 + length + length % 2)
        }
        return .upright
    }

    func decode() throws(CLIPError) -> PixelImage {
        let hasAlpha = try Self.features(data).has_alpha != 0
        let pixels: [UInt8]? = data.withUnsafeBufferPointer { bytes in
            var file = WebPData(bytes: bytes.baseAddress, size: bytes.count)
            var options = WebPAnimDecoderOptions()
            guard WebPAnimDecoderOptionsInit(&options) != 0 else { return nil }
            options.color_mode = MODE_RGBA
            guard let decoder = WebPAnimDecoderNew(&file, &options) else { return nil }
            defer { WebPAnimDecoderDelete(decoder) }
            // The decoder keeps the frame.
            var frame: UnsafeMutablePointer<UInt8>?
            var timestamp: Int32 = 0
            guard WebPAnimDecoderGetNext(decoder, &frame, &timestamp) != 0, let frame else { return nil }
            let canvas = UnsafeBufferPointer(start: frame, count: width * height * 4)
            return hasAlpha ? Array(canvas) : Self.withoutAlpha(canvas)
        }
        guard let pixels else { throw Self.failure(data) }
        return PixelImage(width: width, height: height, format: hasAlpha ? .rgba : .rgb, pixels: pixels)
    }

    private static func withoutAlpha(_ canvas: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let count = canvas.count / 4
        return [UInt8](unsafeUninitializedCapacity: count * 3) { target, initialized in
            for pixel in 0..<count {
                target[3 &* pixel] = canvas[4 &* pixel]
                target[3 &* pixel &+ 1] = canvas[4 &* pixel &+ 1]
                target[3 &* pixel &+ 2] = canvas[4 &* pixel &+ 2]
            }
            initialized = count * 3
        }
    }

    private static func failure(_ data: [UInt8]) -> CLIPError {
        let announced = data[...].number(at: 4, bytes: 4, .little) ?? 0
        return data.count < announced + 8
            ? CLIPError(
                .corruptData,
                "The WebP file is truncated: it has \(data.count) bytes of the \(announced + 8) that its header gives."
            )
            : CLIPError(.corruptData, "The WebP file is damaged: its image data cannot be decoded.")
    }
}
