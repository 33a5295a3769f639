internal import CLIPCore
internal import CLIPImage

/// What a decoder needs to know of a coded image, from the box `hvcC` (ISO/IEC 14496-15, 8.3.3.1).
struct HEVCConfiguration {
    /// The layout of chroma: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    let chroma: Int
    /// Bits of each sample.
    let depth: Int
    /// Bytes of the length before each unit of image data.
    let lengthSize: Int
    /// The parameter sets.
    private(set) var units: [ArraySlice<UInt8>] = []

    init(_ box: MediaBox) throws(CLIPError) {
        var fields = box.fields
        _ = try fields.bytes(16)
        chroma = try fields.number(1) & 3
        depth = 8 + (try fields.number(1) & 7)
        _ = try fields.bytes(3)
        lengthSize = 1 + (try fields.number(1) & 3)
        for _ in 0..<(try fields.number(1)) {
            _ = try fields.number(1)
            for _ in 0..<(try fields.number(2)) { units.append(try fields.bytes(fields.number(2))) }
        }
    }
}
