/// Numbers that Pillow keeps with 32 bits, as 16-bit luminance.
///
/// Pillow's conversion to RGB limits them to 0 to 255 and truncates them, so nothing that it would show is lost.
enum Gray16 {
    /// Stores a number as two bytes, little-endian.
    static func store(_ value: Int, at index: Int, in pixels: UnsafeMutableBufferPointer<UInt8>) {
        let limited = min(max(value, 0), 65_535)
        pixels[2 &* index] = UInt8(truncatingIfNeeded: limited)
        pixels[2 &* index &+ 1] = UInt8(truncatingIfNeeded: limited >> 8)
    }

    /// Stores a number, or 0 for one that is not a number.
    static func store(_ value: Float, at index: Int, in pixels: UnsafeMutableBufferPointer<UInt8>) {
        store(value > 0 ? Int(min(value, 65_535)) : 0, at: index, in: pixels)
    }
}
