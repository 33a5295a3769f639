/// Pillow's conversion from YCbCr to RGB, with coefficients in 64ths.
enum LumaChroma {
    private static let redOfCr = table(1.402)
    private static let greenOfCb = table(-0.34414)
    private static let greenOfCr = table(-0.71414)
    private static let blueOfCb = table(1.772)

    private static func table(_ coefficient: Double) -> [Int] {
        // Rounded as C does it: a half is added, and the rest is cut off, of negative numbers too.
        (0..<256).map { Int(Double($0 - 128) * coefficient * 64 + 0.5) }
    }

    static func rgb(_ y: UInt8, _ cb: UInt8, _ cr: UInt8) -> (UInt8, UInt8, UInt8) {
        let (y, cb, cr) = (Int(y), Int(cb), Int(cr))
        func limited(_ value: Int) -> UInt8 { UInt8(min(max(value, 0), 255)) }
        return (
            limited(y + redOfCr[cr] >> 6),
            limited(y + (greenOfCb[cb] + greenOfCr[cr]) >> 6),
            limited(y + blueOfCb[cb] >> 6)
        )
    }
}
