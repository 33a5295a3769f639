internal import CLIPCore
internal import CWebP

/// A WebP file, decoded with libwebp; for an animation, the first frame.
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
            // libwebp rejects a canvas of 2³² pixels. Reading the size here lets the limits report it.
            self.width = width + 1
            self.height = height + 1
        } else {
            let features = try Self.features(data)
            width = Int(features.width)
            height = Int(features.height)
        }
    }

    var format: PixelImage.Format {
        get throws(CLIPError) { try Self.features(data).has_alpha != 0 ? .rgba : .rgb }
    }

    private static func features(_ data: [UInt8]) throws(CLIPError) -> WebPBitstreamFeatures {
        var features = WebPBitstreamFeatures()
        guard WebPGetFeatures(data, data.count, &features) == VP8_STATUS_OK else { throw failure(data) }
        return features
    }

    /// What an extended file has, according to its header.
    private struct Features: OptionSet {
        let rawValue: Int
        static let xmp = Features(rawValue: 4)
        static let exif = Features(rawValue: 8)
        static let alpha = Features(rawValue: 16)
    }

    /// `nil` for a file without an extended header.
    private var extended: Features? {
        guard data.dropFirst(12).starts(with: "VP8X".utf8) else { return nil }
        return data[...].number(at: 20, bytes: 1, .little).map(Features.init(rawValue:))
    }

    /// The orientation from the `EXIF` or `XMP` chunk, if the header announces it.
    var orientation: EXIFOrientation {
        guard let extended else { return .upright }
        func content(_ name: String, _ feature: Features) -> ArraySlice<UInt8>? {
            guard extended.contains(feature) else { return nil }
            return chunks.first { $0.starts(with: name.utf8) }?.dropFirst(8)
        }
        return EXIFOrientation(EmbeddedMetadata(exif: content("EXIF", .exif), xmp: content("XMP ", .xmp)))
    }

    /// The chunks after the RIFF header: a name, a four-byte length and the contents.
    private var chunks: some Sequence<ArraySlice<UInt8>> {
        sequence(state: data.prefix(Self.announcedSize(data)).dropFirst(12)) { rest in
            guard let length = rest.number(at: 4, bytes: 4, .little) else { return nil }
            defer { rest = rest.dropFirst(8 + length + length % 2) }
            return rest.prefix(8 + length)
        }
    }

    /// The memory that libwebp 1.2 to 1.5 takes: some rows; the pixels before conversion, and alpha decoded in
    /// addition; an entry for each chunk; for an animation two canvases and the frame.
    func codecMemory() throws(CLIPError) -> DecodingMemory {
        let features = try Self.features(data)
        let isLossless = features.format == 2
        let hasAlpha = features.has_alpha != 0
        let bytesPerPixel =
            if features.has_animation != 0 {
                8 + (hasAlpha ? 6 : 4)
            } else {
                isLossless ? 4 : hasAlpha ? 6 : 0
            }
        let rows = DecodingMemory(bytes: 256) * width
        let entries = extended == nil ? 0 : chunks.reduce(0) { count, _ in count + 1 }
        return DecodingMemory(pixels: width, height, bytesPerPixel: bytesPerPixel) + rows
            + DecodingMemory(bytes: 128) * entries
    }

    func decode(into image: inout PixelImage, allowTruncated: Bool) throws(CLIPError) {
        guard data.count >= Self.announcedSize(data) else { throw Self.failure(data) }
        let features = try Self.features(data)
        let format: PixelImage.Format = features.has_alpha != 0 ? .rgba : .rgb
        try image.replace(width: width, height: height, format: format) { (pixels, _) throws(CLIPError) in
            let isDecoded =
                features.has_animation != 0
                ? decodeFirstFrame(to: pixels, format) : decodeStill(to: pixels, format)
            guard isDecoded else { throw Self.failure(data) }
            // Alpha that the header does not announce is not shown, although it makes the format RGBA.
            if format == .rgba, features.format == 1, extended?.contains(.alpha) == false {
                for index in stride(from: 3, to: pixels.count, by: 4) { pixels[index] = 255 }
            }
        }
        if !hasValidChunks { image.damage = "the chunks of the file are not as WebP demands" }
    }

    /// Whether libwebp accepts all chunks, and not only those that it decodes.
    private var hasValidChunks: Bool {
        data.withUnsafeBufferPointer { bytes in
            var file = WebPData(bytes: bytes.baseAddress, size: bytes.count)
            guard let demuxer = WebPDemux(&file) else { return false }
            WebPDemuxDelete(demuxer)
            return true
        }
    }

    private func decodeStill(to pixels: UnsafeMutableBufferPointer<UInt8>, _ format: PixelImage.Format) -> Bool {
        let rowBytes = Int32(width * format.bytesPerPixel)
        let decode = format == .rgba ? WebPDecodeRGBAInto : WebPDecodeRGBInto
        return decode(data, data.count, pixels.baseAddress, pixels.count, rowBytes) != nil
    }

    private func decodeFirstFrame(to pixels: UnsafeMutableBufferPointer<UInt8>, _ format: PixelImage.Format) -> Bool {
        data.withUnsafeBufferPointer { bytes in
            var file = WebPData(bytes: bytes.baseAddress, size: bytes.count)
            var options = WebPAnimDecoderOptions()
            guard WebPAnimDecoderOptionsInit(&options) != 0 else { return false }
            options.color_mode = MODE_RGBA
            guard let decoder = WebPAnimDecoderNew(&file, &options) else { return false }
            defer { WebPAnimDecoderDelete(decoder) }
            var canvas = WebPAnimInfo()
            guard WebPAnimDecoderGetInfo(decoder, &canvas) != 0,
                Int(canvas.canvas_width) == width, Int(canvas.canvas_height) == height
            else { return false }
            // The decoder owns the frame.
            var frame: UnsafeMutablePointer<UInt8>?
            var timestamp: Int32 = 0
            guard WebPAnimDecoderGetNext(decoder, &frame, &timestamp) != 0, let frame else { return false }
            let channels = format.bytesPerPixel
            for pixel in 0..<width * height {
                for channel in 0..<channels {
                    pixels[channels &* pixel &+ channel] = frame[4 &* pixel &+ channel]
                }
            }
            return true
        }
    }

    /// The file size in bytes according to its header.
    private static func announcedSize(_ data: [UInt8]) -> Int {
        (data[...].number(at: 4, bytes: 4, .little) ?? 0) + 8
    }

    private static func failure(_ data: [UInt8]) -> CLIPError {
        let announced = announcedSize(data)
        return data.count < announced
            ? CLIPError(
                .corruptData,
                "The WebP file is truncated: it has \(data.count) bytes of the \(announced) that its header announces."
            )
            : .damaged("WebP", "its image data cannot be decoded")
    }
}
