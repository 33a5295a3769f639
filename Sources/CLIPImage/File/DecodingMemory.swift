/// An upper bound for the memory in bytes that decoding one image takes; `Int.max` if it overflows.
package struct DecodingMemory {
    package let bytes: Int

    /// The memory of every codec for tables and buffers, whatever the image.
    static let tables = DecodingMemory(bytes: 256 << 10)

    package init(bytes: Int) {
        self.bytes = bytes
    }

    /// Memory for the pixels of an image.
    package init(pixels width: Int, _ height: Int, bytesPerPixel: Int) {
        self = DecodingMemory(bytes: width) * height * bytesPerPixel
    }

    package static func + (left: Self, right: Self) -> Self {
        let (sum, overflows) = left.bytes.addingReportingOverflow(right.bytes)
        return Self(bytes: overflows ? .max : sum)
    }

    package static func * (memory: Self, times: Int) -> Self {
        let (product, overflows) = memory.bytes.multipliedReportingOverflow(by: times)
        return Self(bytes: overflows ? .max : product)
    }
}
