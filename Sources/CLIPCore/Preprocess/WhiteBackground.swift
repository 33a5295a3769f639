extension PixelImage.Format {
    /// Converts pixels to RGB, with alpha composited on white exactly as Pillow's `Image.alpha_composite` does.
    ///
    /// - Parameters:
    ///   - pixels: Pixels of this format.
    ///   - palette: 256 RGB triples for ``palette``.
    ///   - result: Receives three bytes per pixel.
    func convertToRGBOnWhite(_ pixels: [UInt8], palette: [UInt8], into result: inout [UInt8]) {
        var span = result.mutableSpan
        convertToRGB(pixels, palette: palette, into: &span)
        guard self == .rgba || self == .grayAlpha else { return }
        for (pixel, offset) in stride(from: 0, to: pixels.count, by: bytesPerPixel).enumerated() {
            let alpha = pixels[offset + bytesPerPixel - 1]
            guard alpha < 255 else { continue }
            for index in 3 * pixel..<3 * pixel + 3 { span[index] = Self.composited(span[index], alpha) }
        }
    }

    /// A colour on white.
    ///
    /// Pillow's fixed-point arithmetic, for a background without transparency.
    private static func composited(_ color: UInt8, _ alpha: UInt8) -> UInt8 {
        let weight = UInt32(alpha) << 7
        let sum = UInt32(color) * weight + 255 * ((255 << 7) - weight) + (0x80 << 7)
        return UInt8(truncatingIfNeeded: ((sum >> 8) + sum) >> 15)
    }
}
