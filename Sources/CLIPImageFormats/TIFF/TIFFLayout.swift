internal import CLIPCore
internal import CTIFF

/// How the samples of a TIFF file become pixels: the combinations that Pillow reads.
enum TIFFLayout: Equatable {
    /// One bit per pixel. `zero` is the value of a bit that is not set.
    case bilevel(zero: UInt8)
    /// Grey levels of 2, 4 or 8 bits.
    case levels(bits: Int, isInverted: Bool)
    /// Indices of 1, 2, 4 or 8 bits, the latter in pixels of one or two bytes.
    case indices(bits: Int, step: Int)
    /// Grey levels of more than 8 bits.
    case numbers(TIFFNumber)
    /// The first channels of each pixel, of one or two bytes each.
    case channels(PixelImage.Format, isWide: Bool, isPremultiplied: Bool)
    /// Luma and chroma for each pixel.
    case lumaChroma
    /// What libtiff converts to RGB.
    case converted

    /// Chooses a layout, or `nil` for a combination that Pillow does not read.
    init?(_ header: ctiff_header) {
        let bits = Int(header.bits_per_sample)
        let colors = Int(header.samples_per_pixel) - Int(header.extra_count)
        // Planes without a meaning are not read.
        let isReduced = header.is_planar && Self.extraSamples(header).allSatisfy { $0 == 0 }
        let samples = isReduced ? colors : Int(header.samples_per_pixel)
        let extras = isReduced ? [] : Self.extraSamples(header)
        switch (header.photometric, colors, bits, header.sample_format) {
        case (0...1, 1, _, _) where samples == 1:
            guard let layout = Self.gray(header, bits) else { return nil }
            self = layout
        case (1, 1, 8, 1) where samples == 2:
            self = Self.pixels(extras == [0] || extras == [] ? .gray : .grayAlpha, isWide: false, extras: extras)
        case (2, 3, 8, 1), (2, 3, 16, 1), (2, 4, 8, 1), (2, 4, 16, 1):
            let hasAlpha = colors == 4 || !(extras.first ?? 0 == 0)
            guard extras.dropFirst().allSatisfy({ $0 == 0 }), bits == 8 || samples <= 4 else { return nil }
            self = Self.pixels(hasAlpha ? .rgba : .rgb, isWide: bits == 16, extras: extras)
        case (3, 1, 1, 1), (3, 1, 2, 1), (3, 1, 4, 1), (3, 1, 8, 1):
            guard samples == 1 || samples == 2 && bits == 8 else { return nil }
            self = .indices(bits: bits, step: header.is_planar ? 1 : samples)
        case (5, 4, 8, 1), (5, 4, 16, 1):
            guard extras.allSatisfy({ $0 == 0 }), bits == 8 || samples == 4 else { return nil }
            self = Self.pixels(.cmyk, isWide: bits == 16, extras: [])
        case (6, 1, 8, 1) where samples == 1:
            self = .levels(bits: 8, isInverted: false)
        case (6, 3, 8, 1) where samples == 3:
            self = Self.color(header)
        default:
            return nil
        }
    }

    private static func pixels(_ format: PixelImage.Format, isWide: Bool, extras: [UInt16]) -> Self {
        .channels(format, isWide: isWide, isPremultiplied: extras.first == 1)
    }

    private static func gray(_ header: ctiff_header, _ bits: Int) -> Self? {
        let isInverted = header.photometric == 0
        switch (bits, header.sample_format, isInverted) {
        case (1, 1, _): return .bilevel(zero: isInverted ? 255 : 0)
        case (2, 1, _), (4, 1, _), (8, 1, _): return .levels(bits: bits, isInverted: isInverted)
        case (8, 2, false): return .levels(bits: 8, isInverted: false)
        case (12, 1, false): return .numbers(.uint12)
        // Pillow does not invert these.
        case (16, 1, true) where !header.is_big_endian: return .numbers(.uint16)
        case (16, 1, false): return .numbers(.uint16)
        case (16, 2, false): return .numbers(.int16)
        case (32, 1, false), (32, 2, false): return .numbers(.int32)
        case (32, 3, _): return .numbers(.float32)
        default: return nil
        }
    }

    /// New-style JPEG is converted by libjpeg, uncompressed pixels as Pillow does, and all others by libtiff.
    private static func color(_ header: ctiff_header) -> Self {
        switch (header.compression, header.is_planar, header.is_subsampled) {
        case (7, false, _): .channels(.rgb, isWide: false, isPremultiplied: false)
        case (1, false, false): .lumaChroma
        default: .converted
        }
    }

    private static func extraSamples(_ header: ctiff_header) -> [UInt16] {
        let all = header.extra_samples
        return Array([all.0, all.1, all.2, all.3].prefix(Int(header.extra_count)))
    }

    /// The pixel format after decoding.
    var format: PixelImage.Format {
        switch self {
        case .bilevel: .bilevel
        case .levels: .gray
        case .indices: .palette
        case .numbers: .gray16
        case .channels(let format, _, _): format
        case .lumaChroma, .converted: .rgb
        }
    }
}

/// The type of a grey level of more than 8 bits.
enum TIFFNumber {
    case uint12
    case uint16
    case int16
    case int32
    case float32
}
