internal import CLIPCore

/// Scales values up to a maximum to the range of a pixel format, rounding as Python's `round` does.
struct PNMScale {
    /// The result for each value.
    private let table: [UInt16]
    private let isWide: Bool

    init(maximum: Int, format: PixelImage.Format) {
        isWide = format == .gray16
        let brightest: Double = isWide ? 65_535 : 255
        table = (0...(maximum > 255 ? 65_535 : 255)).map { value in
            let scaled = Double(value) / Double(maximum) * brightest
            return UInt16(min(brightest, scaled.rounded(.toNearestOrEven)))
        }
    }

    func store(_ value: Int, at index: Int, in pixels: UnsafeMutableBufferPointer<UInt8>) {
        let scaled = table[value]
        if isWide {
            pixels[2 &* index] = UInt8(truncatingIfNeeded: scaled)
            pixels[2 &* index &+ 1] = UInt8(truncatingIfNeeded: scaled >> 8)
        } else {
            pixels[index] = UInt8(truncatingIfNeeded: scaled)
        }
    }
}
