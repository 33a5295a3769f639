import CLIPCore

/// Reproducible noise, the same as in `Tools/fixtures/make_preprocessing_fixtures.py`.
enum Noise {
    /// The top bytes of SplitMix64 (Steele et al., 2014) over the counters after `seed`.
    static func bytes(seed: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { index in
            var z = (seed &+ UInt64(index) &+ 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return UInt8(truncatingIfNeeded: (z ^ (z >> 31)) >> 56)
        }
    }

    /// Noise as an image.
    ///
    /// A quarter of the alpha values are 0 and a quarter are 255.
    static func image(width: Int, height: Int, format: PixelImage.Format, seed: UInt64) -> PixelImage {
        let channels = format.bytesPerPixel
        var pixels = bytes(seed: seed, count: width * height * channels)
        switch format {
        case .bilevel:
            pixels = pixels.map { $0 >= 128 ? 255 : 0 }
        case .grayAlpha, .rgba:
            for alpha in stride(from: channels - 1, to: pixels.count, by: channels) {
                pixels[alpha] = pixels[alpha] < 64 ? 0 : pixels[alpha] >= 192 ? 255 : pixels[alpha]
            }
        default:
            break
        }
        let palette = format == .palette ? bytes(seed: seed + 1_000_000, count: 768) : []
        return PixelImage(width: width, height: height, format: format, pixels: pixels, palette: palette)
    }

    /// The 64-bit FNV-1a hash in hexadecimal.
    static func hash(_ bytes: [UInt8]) -> String {
        let value = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
