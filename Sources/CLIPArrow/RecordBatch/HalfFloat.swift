/// Conversion of IEEE 754 16-bit floats, also for platforms whose standard library has no such type.
package enum HalfFloat {
    /// The bits of the nearest 16-bit float; ties round to even.
    package static func bits(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.bitPattern & 0x7FFF_FFFF
        let smallestNormal: UInt32 = 0x3880_0000
        let outOfRange: UInt32 = 0x4780_0000
        if magnitude >= outOfRange {
            return sign | (value.isNaN ? 0x7E00 : 0x7C00)
        }
        if magnitude < smallestNormal {
            // The last bit of 0.5 as a 32-bit float equals the smallest 16-bit float, so the addition rounds.
            let shifted = Float(bitPattern: magnitude) + 0.5
            return sign | UInt16(truncatingIfNeeded: shifted.bitPattern &- Float(0.5).bitPattern)
        }
        let rounded = magnitude &+ 0xFFF &+ (magnitude >> 13 & 1)
        let exponentDifference: UInt32 = (127 - 15) << 23
        return sign | UInt16(truncatingIfNeeded: (rounded &- exponentDifference) >> 13)
    }

    /// The value of a 16-bit float.
    package static func value(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF) << 13
        if bits & 0x7C00 == 0x7C00 {
            return Float(bitPattern: sign | 0x7F80_0000 | magnitude)
        }
        return Float(bitPattern: sign | (Float(bitPattern: magnitude) * 0x1p112).bitPattern)
    }
}
