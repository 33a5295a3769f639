/// Multiplies colours by alpha before resampling, so that transparent pixels do not bleed, and divides afterwards.
///
/// Uses Pillow's integer arithmetic (`rgbA2rgba`, `rgba2rgbA` and their luminance counterparts).
enum PremultipliedAlpha {
    /// Multiplies each colour by its pixel's alpha, the last channel.
    static func multiply(_ plane: inout PixelPlane) {
        change(&plane) { color, alpha in byteProduct(color, alpha) }
    }

    /// Divides each colour by its pixel's alpha; fully transparent and opaque pixels do not change.
    static func divide(_ plane: inout PixelPlane) {
        change(&plane) { color, alpha in
            alpha == 0 || alpha == 255 ? color : UInt8(min(255 * Int(color) / Int(alpha), 255))
        }
    }

    /// `a · b / 255`, rounded.
    static func byteProduct(_ a: UInt8, _ b: UInt8) -> UInt8 {
        let product = Int(a) * Int(b) + 128
        return UInt8(truncatingIfNeeded: ((product >> 8) + product) >> 8)
    }

    private static func change(_ plane: inout PixelPlane, _ change: (_ color: UInt8, _ alpha: UInt8) -> UInt8) {
        let channels = plane.bytesPerPixel
        plane.bytes.withUnsafeMutableBufferPointer { bytes in
            for pixel in stride(from: 0, to: bytes.count, by: channels) {
                let alpha = bytes[pixel + channels - 1]
                for channel in pixel..<pixel + channels - 1 {
                    bytes[channel] = change(bytes[channel], alpha)
                }
            }
        }
    }
}
