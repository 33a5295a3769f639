internal import CLIPCore
internal import CYUV

/// What the samples of an image mean, with the code points of ISO/IEC 23091-2.
struct HEIFColor: Equatable {
    var primaries = 2
    var matrix = 2
    var isFullRange = true

    init() {}

    init(primaries: Int, matrix: Int, isFullRange: Bool) {
        self.primaries = primaries
        self.matrix = matrix
        self.isFullRange = isFullRange
    }

    /// The colours of a property `colr`, or `nil` where it has a profile, or says nothing.
    init?(_ property: MediaBox) throws(CLIPError) {
        var fields = property.fields
        guard property.type == "colr", try fields.bytes(4).elementsEqual("nclx".utf8) else { return nil }
        let (primaries, transfer, matrix) = (try fields.number(2), try fields.number(2), try fields.number(2))
        self.init(primaries: primaries, matrix: matrix, isFullRange: try fields.number(1) & 0x80 != 0)
        if self == Self(), transfer == 2 { return nil }
    }

    var model: cyuv_model {
        switch matrix {
        case 0: CYUV_IDENTITY
        case 8: CYUV_YCGCO
        default: CYUV_MATRIX
        }
    }

    /// Whether the matrix is one of a constant luminance, or otherwise not linear.
    var isSupported: Bool { ![11, 14, 16].contains(matrix) }

    /// The weights of chroma: BT.601 where the image does not say.
    var weights: cyuv_weights {
        guard let (red, blue) = shares else {
            return cyuv_weights(r_cr: 1.402, g_cb: -0.344136, g_cr: -0.714136, b_cb: 1.772)
        }
        return cyuv_weights(
            r_cr: 2 * (-red + 1),
            g_cb: 2 * blue * (-blue + 1) / (blue + red - 1),
            g_cr: 2 * red * (-red + 1) / (blue + red - 1),
            b_cb: 2 * (-blue + 1)
        )
    }

    /// The shares of red and blue in luma.
    var shares: (red: Float, blue: Float)? {
        switch matrix {
        case 1: (0.2126, 0.0722)
        case 4: (0.30, 0.11)
        case 5, 6: (0.299, 0.114)
        case 7: (0.212, 0.087)
        case 9, 10: (0.2627, 0.0593)
        case 12, 13: ColorPrimaries(primaries)?.shares
        default: nil
        }
    }
}

/// The chromaticities of red, green, blue and white.
struct ColorPrimaries {
    private let red: SIMD2<Float>
    private let green: SIMD2<Float>
    private let blue: SIMD2<Float>
    private let white: SIMD2<Float>

    /// - Returns: `nil` for a code point that has none.
    init?(_ codePoint: Int) {
        let d65: SIMD2<Float> = [0.3127, 0.3290]
        let c: SIMD2<Float> = [0.310, 0.316]
        switch codePoint {
        case 1: (red, green, blue, white) = ([0.640, 0.330], [0.300, 0.600], [0.150, 0.060], d65)
        case 4: (red, green, blue, white) = ([0.670, 0.330], [0.210, 0.710], [0.140, 0.080], c)
        case 5: (red, green, blue, white) = ([0.640, 0.330], [0.290, 0.600], [0.150, 0.060], d65)
        case 6, 7: (red, green, blue, white) = ([0.630, 0.340], [0.310, 0.595], [0.155, 0.070], d65)
        case 8: (red, green, blue, white) = ([0.681, 0.319], [0.243, 0.692], [0.145, 0.049], c)
        case 9: (red, green, blue, white) = ([0.708, 0.292], [0.170, 0.797], [0.131, 0.046], d65)
        case 10: (red, green, blue, white) = ([1, 0], [0, 1], [0, 0], [1 / 3, 1 / 3])
        case 11: (red, green, blue, white) = ([0.680, 0.320], [0.265, 0.690], [0.150, 0.060], [0.314, 0.351])
        case 12: (red, green, blue, white) = ([0.680, 0.320], [0.265, 0.690], [0.150, 0.060], d65)
        case 22: (red, green, blue, white) = ([0.630, 0.340], [0.295, 0.605], [0.155, 0.077], d65)
        default: return nil
        }
    }

    /// The shares of red and blue in luma (ISO/IEC 23091-2, equations 32 and 33).
    var shares: (red: Float, blue: Float) {
        let (r, g, b, w) = (1 - red.sum(), 1 - green.sum(), 1 - blue.sum(), 1 - white.sum())
        let greenBlue = green.x * (blue.y * r - red.y * b)
        let divisor = white.y * (red.x * (green.y * b - blue.y * g) + greenBlue + blue.x * (red.y * g - green.y * r))
        let forRed = white.x * (green.y * b - blue.y * g) + white.y * (blue.x * g - green.x * b)
        let forBlue = white.x * (red.y * g - green.y * r) + white.y * (green.x * r - red.x * g)
        return (
            red.y * (forRed + w * (green.x * blue.y - blue.x * green.y)) / divisor,
            blue.y * (forBlue + w * (red.x * green.y - green.x * red.y)) / divisor
        )
    }
}
