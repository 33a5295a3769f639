package import CLIPCore

extension TextBuffer {
    /// Appends a number exactly as its `description`: the shortest decimal that converts back to it, and of the
    /// shortest ones the nearest.
    package mutating func append(_ value: Float) {
        guard let decimal = ShortestDecimal(value.magnitude) else { return append(value.description) }
        append(upTo: ShortestDecimal.maximumLength + 1) { end in
            end.pointee = UInt8(ascii: "-")
            let sign = value < 0 ? 1 : 0
            return sign &+ decimal.write(to: end + sign)
        }
    }
}

/// The shortest decimal that converts back to a 32-bit float.
///
/// The method is that of Schubfach (Giulietti, 2020), restricted to numbers from 10⁻⁴ to 2²³: Swift writes them without
/// an exponent, and all products are exact in 64 bits, so neither tables nor rounding are needed.
private struct ShortestDecimal {
    /// The maximum number of bytes that ``write(to:)`` writes, including those after its end.
    static let maximumLength = 8 + 1 + 16

    /// The part before the point, below 2²³.
    private let integer: UInt64
    /// The part after the point, times 10¹⁶.
    private let fraction: UInt64

    /// Converts a positive number; `nil` outside the range.
    @inline(__always)
    init?(_ value: Float) {
        guard value >= 1e-4, value < 0x1p23 else { return nil }
        let (digits, places) = Self.shortest(value)
        let scale = Self.powersOfTen[places]
        integer = digits < scale ? 0 : digits / scale
        fraction = (digits &- integer &* scale) &* Self.powersOfTen[16 &- places]
    }

    /// Finds the decimal `digits / 10^places`.
    @inline(__always)
    private static func shortest(_ value: Float) -> (digits: UInt64, places: Int) {
        // value = significand · 2^exponent. The next smaller float is half as far away from a power of two.
        let isPowerOfTwo = value.significandBitPattern == 0
        let significand = UInt64(value.significandBitPattern | 1 << 23)
        let exponent = Int(value.exponentBitPattern) &- 150
        // Decimals with so many places are at least as dense as the numbers that convert to this float:
        // ⌈-log₁₀ 2^exponent⌉, or ⌈-log₁₀ ¾·2^exponent⌉.
        let places = (-exponent &* 1_262_611 &+ (isPowerOfTwo ? 524_031 : 0) &+ (1 << 22 - 1)) &>> 22
        let shift = UInt64(truncatingIfNeeded: 2 &- exponent &- places)
        // In units of 10^-places / 2^shift: the float, and how far away decimals still convert to it. Of two floats
        // equally far away, the one with an even significand is chosen.
        let factor = powersOfFive[places]
        let number = 4 &* significand &* factor
        let above = 2 &* factor &- significand & 1
        let below = isPowerOfTwo ? factor : above

        // A multiple of ten in reach means one digit less. The choices are not branches: no CPU predicts them.
        let digits = number &>> shift
        let tens = digits / 10
        let remainder = number &- (10 &* tens) &<< shift
        let (isLower, isUpper) = (remainder <= below, (10 &<< shift) &- remainder <= above)
        let half = 1 &<< (shift &- 1)
        let rest = number &- digits &<< shift
        let nearest = digits &+ (rest &+ digits & 1 > half ? 1 : 0)
        return (isLower != isUpper ? 10 &* (tens &+ (isUpper ? 1 : 0)) : nearest, places)
    }

    /// Writes the digits and returns their number.
    @inline(__always)
    func write(to start: UnsafeMutablePointer<UInt8>) -> Int {
        var point = 1
        if integer < 10 {
            start.pointee = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: integer)
        } else {
            let digits = Self.digits(integer)
            let zeros = digits.trailingZeroBitCount / 8
            point = 8 &- zeros
            Self.store(digits &>> UInt64(8 &* zeros), start)
        }
        start[point] = UInt8(ascii: ".")
        let first = fraction / 100_000_000
        let (left, right) = (Self.digits(first), Self.digits(fraction &- first &* 100_000_000))
        Self.store(left, start + point + 1)
        Self.store(right, start + point + 9)
        // Without the zeros at the end, except one directly after the point.
        let last = right == 0 ? left | 1 : right
        return point &+ (right == 0 ? 9 : 17) &- last.leadingZeroBitCount / 8
    }

    /// The eight decimal digits of a number below 10⁸, one per byte, the first in the lowest byte.
    @inline(__always)
    private static func digits(_ number: UInt64) -> UInt64 {
        let high = number / 10_000
        let fours = high | (number &- high &* 10_000) &<< 32
        let hundreds = (fours &* 10_486) &>> 20 & 0x7F_0000_007F
        let twos = hundreds | (fours &- 100 &* hundreds) &<< 16
        let tens = (twos &* 103) &>> 10 & 0x0F_000F_000F_000F
        return tens | (twos &- 10 &* tens) &<< 8
    }

    @inline(__always)
    private static func store(_ digits: UInt64, _ start: UnsafeMutablePointer<UInt8>) {
        let characters = (digits | 0x3030_3030_3030_3030).littleEndian
        UnsafeMutableRawPointer(start).storeBytes(of: characters, as: UInt64.self)
    }

    private static let powersOfTen: [UInt64] = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000,
    ]
    private static let powersOfFive: [UInt64] = [
        1, 5, 25, 125, 625, 3125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625,
    ]
}
