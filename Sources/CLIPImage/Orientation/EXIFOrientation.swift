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

    /// Reads EXIF data as Pillow's `exif_transpose` does; `upright` if there is no orientation.
    ///
    /// - Parameter data: A TIFF header and its first directory, optionally preceded by `Exif\0\0` once or twice.
    package init(exif data: ArraySlice<UInt8>) {
        self.init(EmbeddedMetadata(exif: data))
    }

    /// Whether rows become columns.
    package var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

    /// Reads XMP data where EXIF data has no orientation; `upright` if neither has one.
    package init(exif: ArraySlice<UInt8>, xmp: ArraySlice<UInt8>) {
        self.init(EmbeddedMetadata(exif: exif, xmp: xmp))
    }

    /// Reads XMP data; `upright` if there is no orientation.
    package init(xmp data: ArraySlice<UInt8>) {
        self.init(EmbeddedMetadata(xmp: data))
    }

    /// Reads the orientation as Pillow's `exif_transpose` does: from EXIF data, or from XMP data if EXIF data has no
    /// such tag; otherwise `upright`.
    init(_ metadata: EmbeddedMetadata) {
        let tag: Int? =
            switch metadata.exif.map(EXIFDirectory.init)?.orientation ?? .missing {
            case .found(let value): value
            case .missing: metadata.xmp.flatMap(Self.xmpTag)
            }
        self = tag.flatMap(Self.init(rawValue:)) ?? .upright
    }

    /// The first digit that XMP data gives as an attribute, `tiff:Orientation="6`, or an element, `tiff:Orientation>6`.
    private static func xmpTag(_ data: ArraySlice<UInt8>) -> Int? {
        let name = Array("tiff:Orientation".utf8)
        var rest = data
        while let place = rest.firstRange(of: name) {
            rest = rest[place.upperBound...]
            for sign in ["=\"".utf8, ">".utf8] where rest.starts(with: sign) {
                guard let digit = rest.dropFirst(sign.count).first else { continue }
                if (0x30...0x39).contains(digit) { return Int(digit) - 0x30 }
            }
        }
        return nil
    }
}
