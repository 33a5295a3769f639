internal import CLIPCore
internal import CLIPImage
internal import CLibJXL

/// Takes rows of floats from libjxl and stores them as the JPEG XL plug-in of Pillow does.
struct JPEGXLPixels {
    /// The channels of a pixel, as floats and as stored.
    let channels: Int
    private let pixels: UnsafeMutableBufferPointer<UInt8>
    private let width: Int
    private let isFlipped: Bool
    private let depth: Depth

    private enum Depth {
        /// Rounded to 8 bits, after a little noise that hides the steps.
        case dithered
        /// Rounded to 16 bits, of which the upper ones remain.
        case sixteen
        /// Cut to 8 bits, from floats of 32 or 16 bits.
        case float
        case half
        /// All 16 bits.
        case gray16
    }

    init(_ pixels: UnsafeMutableBufferPointer<UInt8>, header: JPEGXLHeader, format: PixelImage.Format) {
        self.pixels = pixels
        width = Int(header.info.xsize)
        channels = format == .gray16 ? 1 : format.bytesPerPixel
        if format == .gray16 {
            depth = .gray16
        } else if header.info.exponent_bits_per_sample > 0 {
            depth = header.info.bits_per_sample == 16 ? .half : .float
        } else {
            depth = header.info.bits_per_sample > 8 ? .sixteen : .dithered
        }
        // libjxl makes the noise as if it turned the image itself.
        isFlipped = [.mirrored, .upsideDown, .transposedUpsideDown, .turnedRight].contains(
            EXIFOrientation(rawValue: Int(header.info.orientation.rawValue)) ?? .upright
        )
    }

    static let store: JxlImageOutCallback = { target, x, y, count, floats in
        guard let target = target?.assumingMemoryBound(to: JPEGXLPixels.self), let floats else { return }
        let row = UnsafeBufferPointer(
            start: floats.assumingMemoryBound(to: Float.self),
            count: count * target.pointee.channels
        )
        target.pointee.store(row, x: x, y: y)
    }

    private func store(_ row: UnsafeBufferPointer<Float>, x: Int, y: Int) {
        let start = (y * width + x) * channels
        switch depth {
        case .gray16:
            for (index, value) in row.enumerated() {
                let sample = UInt16(Self.rounded(value * 65535, most: 65535))
                pixels[2 * (start + index)] = UInt8(truncatingIfNeeded: sample)
                pixels[2 * (start + index) + 1] = UInt8(truncatingIfNeeded: sample >> 8)
            }
        case .sixteen:
            for (index, value) in row.enumerated() {
                pixels[start + index] = UInt8(truncatingIfNeeded: UInt16(Self.rounded(value * 65535, most: 65535)) >> 8)
            }
        case .float:
            for (index, value) in row.enumerated() { pixels[start + index] = Self.cut(value) }
        case .half:
            for (index, value) in row.enumerated() { pixels[start + index] = Self.cut(Self.half(value)) }
        case .dithered:
            for (index, value) in row.enumerated() {
                let column = x + index / channels
                let noiseColumn = isFlipped ? width - 1 - column : column
                let noise = JPEGXLNoise.value(x: noiseColumn, y: y, channel: index % channels)
                pixels[start + index] = UInt8(Self.rounded(value * 255 + noise, most: 255))
            }
        }
    }

    private static func cut(_ value: Float) -> UInt8 {
        value > 0 ? UInt8(min(value * 255, 255)) : 0
    }

    private static func half(_ value: Float) -> Float {
        #if os(macOS) && arch(x86_64)
        value
        #else
        Float(Float16(value))
        #endif
    }

    private static func rounded(_ value: Float, most: Float) -> Float {
        value > 0 ? min(value, most).rounded(.toNearestOrEven) : 0
    }
}
