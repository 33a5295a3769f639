extension PixelImage.Format {
    /// Converts pixels to RGB exactly as Pillow's `Image.convert("RGB")` does.
    ///
    /// Alpha is dropped, not composited. 16-bit luminance values up to 255 are kept; larger ones become white.
    ///
    /// - Parameters:
    ///   - pixels: Pixels of this format.
    ///   - palette: 256 RGB triples for ``palette``.
    ///   - result: Receives three bytes per pixel.
    func convertToRGB(_ pixels: [UInt8], palette: [UInt8], into result: inout MutableSpan<UInt8>) {
        precondition(result.count == pixels.count / bytesPerPixel * 3, "the buffer must hold three bytes per pixel")
        switch self {
        case .rgb:
            result.withUnsafeMutableBytes { result in
                pixels.withUnsafeBytes { result.copyMemory(from: $0) }
            }
        case .bilevel, .gray:
            Self.map(pixels, 1, &result) { (pixels[$0], pixels[$0], pixels[$0]) }
        case .grayAlpha:
            Self.map(pixels, 2, &result) { (pixels[$0], pixels[$0], pixels[$0]) }
        case .rgba:
            Self.map(pixels, 4, &result) { (pixels[$0], pixels[$0 + 1], pixels[$0 + 2]) }
        case .gray16:
            Self.map(pixels, 2, &result) {
                let value = pixels[$0 + 1] == 0 ? pixels[$0] : 255
                return (value, value, value)
            }
        case .palette:
            Self.map(pixels, 1, &result) {
                let entry = 3 * Int(pixels[$0])
                return (palette[entry], palette[entry + 1], palette[entry + 2])
            }
        case .cmyk:
            Self.map(pixels, 4, &result) {
                let light = 255 - pixels[$0 + 3]
                func channel(_ ink: UInt8) -> UInt8 { light - PremultipliedAlpha.byteProduct(ink, light) }
                return (channel(pixels[$0]), channel(pixels[$0 + 1]), channel(pixels[$0 + 2]))
            }
        }
    }

    @inline(__always)
    private static func map(
        _ pixels: [UInt8],
        _ step: Int,
        _ result: inout MutableSpan<UInt8>,
        _ color: (_ offset: Int) -> (UInt8, UInt8, UInt8)
    ) {
        var target = 0
        for offset in stride(from: 0, to: pixels.count, by: step) {
            (result[target], result[target + 1], result[target + 2]) = color(offset)
            target += 3
        }
    }
}
