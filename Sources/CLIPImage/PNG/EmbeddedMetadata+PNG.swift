/// The EXIF and XMP data in the chunks of a PNG file, before and after its image data.
extension EmbeddedMetadata {
    /// Reads the chunks of a file, of which the last of each kind counts.
    init(_ chunks: PNGChunks) {
        self.init()
        var profile: ArraySlice<UInt8>?
        var international: ArraySlice<UInt8>?
        var budget = PNGText.maximumTotalBytes
        for chunk in chunks {
            if chunk.isNamed("IEND") { break }
            if chunk.isNamed("eXIf") { exif = chunk.content }
            guard let text = PNGText(chunk, budget: &budget) else { continue }
            switch text.keyword {
            case .exif: exif = text.value
            case .exifProfile: if text.isReadable { profile = text.value }
            case .xmp:
                if text.isInternational { international = text.value }
                if text.isReadable { xmp = text.value }
            }
        }
        if exif == nil, let profile { exif = Self.bytes(ofProfile: profile) }
        if xmp?.isEmpty ?? true { xmp = international }
    }

    /// The bytes of a raw profile, which ImageMagick writes as a name, a length and, from the fourth line, hexadecimal
    /// digits; for anything else, bytes that are no EXIF data.
    private static func bytes(ofProfile text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let lines = text.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false).dropFirst(3)
        var bytes = [UInt8]()
        var high: UInt8?
        for character in lines.joined() where character != 0x0A {
            guard let digit = character.hexadecimalValue else {
                if high == nil, character == 0x20 || (0x09...0x0D).contains(character) { continue }
                return [0]
            }
            if let first = high.take() { bytes.append(first << 4 | digit) } else { high = digit }
        }
        return high == nil ? bytes[...] : [0]
    }
}

extension UInt8 {
    fileprivate var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
