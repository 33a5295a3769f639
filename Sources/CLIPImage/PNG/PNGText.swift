/// A text chunk of a PNG file that may contain EXIF or XMP data, read as Pillow does.
struct PNGText {
    enum Keyword: String, CaseIterable {
        case exif
        case exifProfile = "Raw profile type exif"
        case xmp = "XML:com.adobe.xmp"
    }

    /// The largest size of a text after decompression.
    private static let maximumBytes = 1 << 20

    let keyword: Keyword
    let value: ArraySlice<UInt8>
    /// Whether it is an `iTXt` chunk.
    let isInternational: Bool
    /// Whether the text is in the encoding that the chunk demands.
    let isReadable: Bool

    /// Returns `nil` for other chunks, other keywords, and chunks that are too large or cannot be read.
    init?(_ chunk: PNGChunks.Chunk) {
        let isCompressed = chunk.isNamed("zTXt")
        isInternational = chunk.isNamed("iTXt")
        guard isCompressed || isInternational || chunk.isNamed("tEXt") else { return nil }
        let name = chunk.content.prefix { $0 != 0 }
        guard let keyword = Keyword.allCases.first(where: { name.elementsEqual($0.rawValue.utf8) }),
            keyword != .exif || !isCompressed && !isInternational
        else { return nil }
        self.keyword = keyword
        let rest = chunk.content.dropFirst(name.count + 1)
        if isInternational {
            guard let text = Self.internationalText(rest) else { return nil }
            (value, isReadable) = text
        } else if isCompressed {
            guard rest.first ?? 0 == 0 else { return nil }
            switch Inflation.inflate(rest.dropFirst(), limit: Self.maximumBytes) {
            case .data(let text): value = text[...]
            case .isDamaged: value = []
            case .exceedsLimit: return nil
            }
            isReadable = true
        } else {
            value = rest
            isReadable = true
        }
    }

    /// The text after the keyword of an `iTXt` chunk: a flag for compression, its method, a language, the keyword in that
    /// language, and the text.
    private static func internationalText(
        _ content: ArraySlice<UInt8>
    ) -> (value: ArraySlice<UInt8>, isReadable: Bool)? {
        let parts = content.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard content.count >= 2, parts.count == 3 else { return nil }
        var value = parts[2]
        if content[content.startIndex] != 0 {
            guard content[content.startIndex + 1] == 0,
                case .data(let text) = Inflation.inflate(value, limit: maximumBytes)
            else { return nil }
            value = text[...]
        }
        return (value, [parts[0], parts[1], value].allSatisfy { String(validating: $0, as: UTF8.self) != nil })
    }
}
