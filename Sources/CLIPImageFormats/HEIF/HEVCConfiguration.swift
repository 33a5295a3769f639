internal import CLIPCore
internal import CLIPImage

/// What a decoder needs to know of a coded image, from the box `hvcC` (ISO/IEC 14496-15, 8.3.3.1).
struct HEVCConfiguration {
    /// Images have a few units for each slice.
    private static let maxUnits = 1 << 16

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

    var bytesPerSample: Int { depth > 8 ? 2 : 1 }

    /// The samples of all planes for two pixels.
    var halfSamples: Int { [2, 3, 4, 6][chroma] }

    /// The parameter sets and the units of image data, each of which stands after its length.
    func units(of data: ArraySlice<UInt8>) throws(CLIPError) -> [ArraySlice<UInt8>] {
        var units = units
        var rest = data
        while units.count <= Self.maxUnits, let length = rest.number(at: 0, bytes: lengthSize, .big) {
            rest = rest.dropFirst(lengthSize)
            guard length <= rest.count else { throw Self.damage("its image data ends too early") }
            units.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        guard units.count <= Self.maxUnits else {
            throw Self.damage("its image data has more than \(Self.maxUnits) units")
        }
        guard units.allSatisfy({ !$0.isEmpty }) else { throw Self.damage("its image data has empty units") }
        return units
    }

    /// The units that hold a slice of an image; at least 1.
    func sliceCount(in data: ArraySlice<UInt8>) -> Int {
        // Units that cannot be read are found when the image is decoded.
        let units = (try? units(of: data)) ?? []
        return max(1, units.count { $0.first.map { $0 >> 1 & 0x3F < 32 } ?? false })
    }

    private static func damage(_ what: String) -> CLIPError { .damaged("HEIC", what) }
}
