internal import CLIPCore
internal import CLIPImage

/// A property that turns, flips or crops an image.
enum HEIFTransformation {
    case turn(EXIFOrientation)
    case crop(HEIFAperture)

    /// - Returns: `nil` for other properties.
    init?(_ property: MediaBox) throws(CLIPError) {
        var fields = property.fields
        switch property.type {
        case "irot":
            // Quarters of a turn, anticlockwise.
            self = .turn([.upright, .turnedRight, .upsideDown, .turnedLeft][try fields.number(1) & 3])
        case "imir":
            self = .turn(try fields.number(1) & 1 == 1 ? .mirrored : .mirroredUpsideDown)
        case "clap":
            self = .crop(try HEIFAperture(&fields))
        default:
            return nil
        }
    }

    func size(after size: (width: Int, height: Int)) throws(CLIPError) -> (width: Int, height: Int) {
        switch self {
        case .turn(let orientation):
            return orientation.swapsSides ? (size.height, size.width) : size
        case .crop(let aperture):
            let part = try aperture.part(of: size)
            return (part.columns.count, part.rows.count)
        }
    }

    /// Whether libheif interpolates chroma to the resolution of luma first, because the image's size does not allow to
    /// transform it at its own.
    func needsFullChroma(_ planes: ColorPlanes) throws(CLIPError) -> Bool {
        guard planes.shiftX == 1 else { return false }
        let (isOddWidth, isOddHeight) = (planes.width % 2 == 1, planes.height % 2 == 1)
        let isHalfHeight = planes.shiftY == 1
        switch self {
        case .turn(.upright): return false
        case .turn(.turnedRight): return !isHalfHeight || isOddWidth
        case .turn(.turnedLeft): return !isHalfHeight || isOddHeight
        case .turn(.upsideDown): return isOddHeight || isHalfHeight && isOddWidth
        case .turn(.mirrored): return isOddWidth || isHalfHeight && isOddHeight
        case .turn: return isHalfHeight && (isOddWidth || isOddHeight)
        case .crop(let aperture):
            let part = try aperture.part(of: (planes.width, planes.height))
            return part.columns.lowerBound % 2 == 1 || isHalfHeight && part.rows.lowerBound % 2 == 1
        }
    }
}

/// The part of an image that is meant to be seen: a width and height, and the offset of its middle.
struct HEIFAperture {
    private let width: Fraction
    private let height: Fraction
    private let x: Fraction
    private let y: Fraction

    init(_ fields: inout MediaBoxFields) throws(CLIPError) {
        width = try Fraction(&fields, isSigned: false)
        height = try Fraction(&fields, isSigned: false)
        x = try Fraction(&fields, isSigned: true)
        y = try Fraction(&fields, isSigned: true)
    }

    /// The columns and rows, rounded as in libheif.
    func part(of size: (width: Int, height: Int)) throws(CLIPError) -> (columns: Range<Int>, rows: Range<Int>) {
        let half = Fraction(1, 2)
        let one = Fraction(1, 1)
        let left = (x + half * Fraction(Int128(size.width - 1), 1) - half * (width - one)).truncated
        let top = (y + half * Fraction(Int128(size.height - 1), 1) - half * (height - one)).rounded
        let right = (width - one + Fraction(left, 1)).rounded
        let bottom = (height - one + Fraction(top, 1)).rounded
        guard right >= max(left, 0), bottom >= max(top, 0), left < size.width, top < size.height else {
            throw .damaged("HEIC", "an image is cropped to nothing")
        }
        return (
            Int(max(left, 0))..<Int(min(right + 1, Int128(size.width))),
            Int(max(top, 0))..<Int(min(bottom + 1, Int128(size.height)))
        )
    }
}

private struct Fraction {
    let numerator: Int128
    let denominator: Int128

    init(_ numerator: Int128, _ denominator: Int128) {
        self.numerator = numerator
        self.denominator = denominator
    }

    init(_ fields: inout MediaBoxFields, isSigned: Bool) throws(CLIPError) {
        let (above, below) = (try fields.number(4), try fields.number(4))
        guard below > 0, below <= Int32.max, isSigned || above <= Int32.max else { throw fields.damage }
        self.init(Int128(isSigned ? Int(Int32(truncatingIfNeeded: above)) : above), Int128(below))
    }

    static func + (left: Self, right: Self) -> Self {
        Self(
            left.numerator * right.denominator + right.numerator * left.denominator,
            left.denominator * right.denominator
        )
    }

    static func - (left: Self, right: Self) -> Self { left + Self(-right.numerator, right.denominator) }

    static func * (left: Self, right: Self) -> Self {
        Self(left.numerator * right.numerator, left.denominator * right.denominator)
    }

    var truncated: Int128 { numerator / denominator }
    var rounded: Int128 { (numerator + denominator / 2) / denominator }
}
