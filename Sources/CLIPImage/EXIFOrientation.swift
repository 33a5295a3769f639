/// How to rotate or flip a stored image upright: the EXIF tag Orientation, 0x0112.
package enum EXIFOrientation: Int, CaseIterable {
    case upright = 1
    case mirrored
    case upsideDown
    case mirroredUpsideDown
    case transposed
    case turnedLeft
    case transposedUpsideDown
    case turnedRight

    /// Whether rows become columns.
    package var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

    /// Reads the tag from EXIF data: a TIFF header and its first directory, optionally preceded by `Exif\0\0`.
    ///
    /// Damaged data, or data without the tag, means `upright`, as in Pillow's `exif_transpose`.
    package init(exif data: ArraySlice<UInt8>) {
        self = Self.tag(in: data).flatMap(Self.init(rawValue:)) ?? .upright
    }

    private static func tag(in data: ArraySlice<UInt8>) -> Int? {
        let tiff = data.starts(with: Array("Exif\0\0".utf8)) ? data.dropFirst(6) : data
        let order: ByteOrder
        if tiff.starts(with: [0x49, 0x49, 0x2A, 0]) {
            order = .little
        } else if tiff.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
            order = .big
        } else {
            return nil
        }
        guard
            let directory = tiff.number(at: 4, bytes: 4, order),
            let entries = tiff.number(at: directory, bytes: 2, order)
        else { return nil }
        for index in 0..<entries {
            let entry = directory + 2 + 12 * index
            guard let tag = tiff.number(at: entry, bytes: 2, order) else { return nil }
            guard tag == 0x0112 else { continue }
            guard tiff.number(at: entry + 4, bytes: 4, order) == 1 else { return nil }
            switch tiff.number(at: entry + 2, bytes: 2, order) {
            case 1: return tiff.number(at: entry + 8, bytes: 1, order)
            case 3: return tiff.number(at: entry + 8, bytes: 2, order)
            case 4: return tiff.number(at: entry + 8, bytes: 4, order)
            default: return nil
            }
        }
        return nil
    }
}
