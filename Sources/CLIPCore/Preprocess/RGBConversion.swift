extension PixelImage.Format {
    /// Converts pixels to RGB exactly as Pillow's `Image.convert("RGB")` does.
    ///
    /// Alpha is dropped, not composited. A 16-bit luminance keeps its low byte and is white from 256 up.
    ///
    /// - Parameters:
    ///   - pixels: Pixels of this format.
    ///   - palette: 256 RGB triples for ``palette``.
    /// - Returns: Three bytes a pixel.
    func rgb(_ pixels: [UInt8], palette: [UInt8]) -> [UInt8] {
        switch self {
        case .rgb:
            return pixels
        case .bilevel, .gray:
            return Self.map(pixels, step: 1) { (pixels[$0], pixels[$0], pixels[$0]) }
        case .grayAlpha:
            return Self.map(pixels, step: 2) { (pixels[$0], pixels[$0], pixels[$0]) }
        case .rgba:
            return Self.map(pixels, step: 4) { (pixels[$0], pixels[$0 + 1], pixels[$0 + 2]) }
        case .gray16:
            return Self.map(pixels, step: 2) {
                let value = pixels[$0 + 1] == 0 ? pixels[$0] : 255
                return (value, value, value)
            }
        case .palette:
            return Self.map(pixels, step: 1) {
                let entry = 3 * Int(pixels[$0])
                return (palette[entry], palette[entry + 1], palette[entry + 2])
            }
        case .cmyk:
            return Self.map(pixels, step: 4) {
                let light = 255 - pixels[$0 + 3]
                func channel(_ ink: UInt8) -> UInt8 { light - PremultipliedAlpha.byteProduct(ink, light) }
                return (channel(pixels[$0]), channel(pixels[$0 + 1]), channel(pixels[$0 + 2]))
            }
        }
    }

    private static func map(
        _ pixels: [UInt8],
        step: Int,
        _ color: (_ offset: Int) -> (UInt8, UInt8, UInt8)
    ) -> [UInt8] {
        var result = [UInt8]()
        result.reserveCapacity(pixels.count / step * 3)
        for offset in stride(from: 0, to: pixels.count, by: step) {
            let (red, green, blue) = color(offset)
            result.append(red)
            result.append(green)
            result.append(blue)
        }
        return result
    }
}
