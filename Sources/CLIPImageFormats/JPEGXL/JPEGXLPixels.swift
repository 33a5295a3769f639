internal import CLIPCore
internal import CLIPImage
internal import CLibJXL

/// Takes rows of floats from libjxl and stores them as the JPEG XL plug-in of Pillow does.
struct JPEGXLPixels {
    /// The channels of a pixel, as floats and as stored.
    let channels: Int
    private let pixels: UnsafeMutableBufferPointer<UInt8>
    private let width: Int
    private let depth: Depth

    private enum Depth {
        /// Rounded to 8 bits, after a little noise that hides the steps.
        case dithered(JPEGXLNoise)
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
            depth = header.info.bits_per_sample > 8 ? .sixteen : .dithered(Self.noise(channels, header))
        }
    }

    private static func noise(_ channels: Int, _ header: JPEGXLHeader) -> JPEGXLNoise {
        // libjxl makes the noise as if it turned the image itself.
        let isFlipped = [.mirrored, .upsideDown, .transposedUpsideDown, .turnedRight].contains(
            EXIFOrientation(rawValue: Int(header.info.orientation.rawValue)) ?? .upright
        )
        // Plus a multiple of the period, so that columns are not negative.
        let last = Int(header.info.xsize) - 1 + 2 * JPEGXLNoise.period
        return JPEGXLNoise(channels: channels) { isFlipped ? last - $0 : $0 }
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
        guard let values = row.baseAddress, let pixels = pixels.baseAddress else { return }
        switch depth {
        case .gray16:
            for index in 0..<row.count {
                let sample = Self.rounded(values[index] * 65535, most: 65535)
                pixels[2 &* (start &+ index)] = UInt8(truncatingIfNeeded: sample)
                pixels[2 &* (start &+ index) &+ 1] = UInt8(truncatingIfNeeded: sample >> 8)
            }
        case .sixteen:
            for index in 0..<row.count {
                let sample = Self.rounded(values[index] * 65535, most: 65535)
                pixels[start &+ index] = UInt8(truncatingIfNeeded: sample >> 8)
            }
        case .float:
            for index in 0..<row.count { pixels[start &+ index] = Self.cut(values[index]) }
        case .half:
            for index in 0..<row.count { pixels[start &+ index] = Self.cut(Self.half(values[index])) }
        case .dithered(let noise):
            let period = JPEGXLNoise.period * channels
            noise.withRow(x: x, y: y) { noise in
                for first in stride(from: 0, to: row.count, by: period) {
                    let (values, target) = (values + first, pixels + start + first)
                    for index in 0..<min(period, row.count - first) {
                        let sample = Self.rounded(values[index] * 255 + noise[index], most: 255)
                        target[index] = UInt8(truncatingIfNeeded: sample)
                    }
                }
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

    /// The integer nearest to a number, or the even one of two, from 0 to `most`, which is below 2²³.
    @inline(__always)
    private static func rounded(_ value: Float, most: Float) -> UInt32 {
        // From 2²³ to 2²⁴, floats are whole numbers, so this addition rounds as it should.
        ((value > 0 ? min(value, most) : 0) + 0x1p23).bitPattern & 0x7F_FFFF
    }
}
