/// A precomposed Hangul syllable, decomposed and composed arithmetically (Unicode Standard, section 3.12).
struct HangulSyllable {
    /// Leading consonant, vowel and, if present, trailing consonant.
    let jamo: [Unicode.Scalar]

    private static let base: UInt32 = 0xAC00
    private static let leads: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    private static let trails: UInt32 = 0x11A7
    private static let leadCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let trailCount: UInt32 = 28
    private static let count = leadCount * vowelCount * trailCount

    /// Decomposes a syllable; `nil` if the scalar is not one.
    init?(_ scalar: Unicode.Scalar) {
        guard (Self.base..<Self.base + Self.count).contains(scalar.value) else { return nil }
        let index = scalar.value - Self.base
        let lead = Self.leads + index / (Self.vowelCount * Self.trailCount)
        let vowel = Self.vowels + index / Self.trailCount % Self.vowelCount
        let trail = Self.trails + index % Self.trailCount
        jamo = [lead, vowel, trail].filter { $0 != Self.trails }.compactMap(Unicode.Scalar.init)
    }

    /// Composes a lead and a vowel, or a syllable without trail and a trail.
    static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let (first, second) = (first.value, second.value)
        if (leads..<leads + leadCount).contains(first), (vowels..<vowels + vowelCount).contains(second) {
            return Unicode.Scalar(base + ((first - leads) * vowelCount + second - vowels) * trailCount)
        }
        if (base..<base + count).contains(first), (first - base) % trailCount == 0,
            (trails + 1..<trails + trailCount).contains(second)
        {
            return Unicode.Scalar(first + second - trails)
        }
        return nil
    }
}
