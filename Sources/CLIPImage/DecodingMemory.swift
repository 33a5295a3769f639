/// An upper bound for the memory in bytes that decoding one image takes; `Int.max` if it overflows.
struct DecodingMemory {
    let bytes: Int

    /// The memory of every codec for tables and buffers, whatever the image.
    static let tables = DecodingMemory(bytes: 256 << 10)

    init(bytes: Int) {
        self.bytes = bytes
    }

    /// Memory for the pixels of an image.
    init(pixels width: Int, _ height: Int, bytesPerPixel: Int) {
        self = DecodingMemory(bytes: width) * height * bytesPerPixel
    }

    static func + (left: Self, right: Self) -> Self {
        let (sum, overflows) = left.bytes.addingReportingOverflow(right.bytes)
        return Self(bytes: overflows ? .max : sum)
    }

    static func * (memory: Self, times: Int) -> Self {
        let (product, overflows) = memory.bytes.multipliedReportingOverflow(by: times)
        return Self(bytes: overflows ? .max : product)
    }
}
