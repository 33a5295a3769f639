/// A text chunk of a PNG file that may contain EXIF or XMP data, read as Pillow does.
struct PNGText {
    enum Keyword: String, CaseIterable {
        case exif
        case exifProfile = "Raw profile type exif"
        case xmp = "XML:com.adobe.xmp"
    }

    /// The largest size of a text, after decompression if it is compressed.
    private static let maximumBytes = 1 << 20
    /// The largest size of all decompressed texts of a file together, as in Pillow.
    static let maximumTotalBytes = 64 << 20

    let keyword: Keyword
    let value: ArraySlice<UInt8>
    /// Whether it is an `iTXt` chunk.
    let isInternational: Bool
    /// Whether the text is in the encoding that the chunk demands.
    let isReadable: Bool

    /// Returns `nil` for other chunks, other keywords, and chunks that are too large or cannot be read.
    ///
    /// - Parameters:
    ///   - chunk: A chunk of the file.
    ///   - budget: The bytes that texts may still take after decompression, from which this text's are subtracted.
    init?(_ chunk: PNGChunks.Chunk, budget: inout Int) {
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
            guard let text = Self.internationalText(rest, &budget) else { return nil }
            (value, isReadable) = text
        } else if isCompressed {
            guard rest.first ?? 0 == 0 else { return nil }
            switch Self.inflate(rest.dropFirst(), &budget) {
            case .data(let text): value = text[...]
            case .isDamaged: value = []
            case .exceedsLimit: return nil
            }
            isReadable = true
        } else {
            guard rest.count <= Self.maximumBytes else { return nil }
            value = rest
            isReadable = true
        }
    }

    /// The text after the keyword of an `iTXt` chunk: a flag for compression, its method, a language, the keyword in that
    /// language, and the text.
    private static func internationalText(
        _ content: ArraySlice<UInt8>,
        _ budget: inout Int
    ) -> (value: ArraySlice<UInt8>, isReadable: Bool)? {
        let parts = content.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard content.count >= 2, parts.count == 3 else { return nil }
        var value = parts[2]
        if content[content.startIndex] != 0 {
            guard content[content.startIndex + 1] == 0,
                case .data(let text) = inflate(value, &budget)
            else { return nil }
            value = text[...]
        }
        guard value.count <= maximumBytes else { return nil }
        return (value, [parts[0], parts[1], value].allSatisfy { String(validating: $0, as: UTF8.self) != nil })
    }
    private static func inflate(_ data: ArraySlice<UInt8>, _ budget: inout Int) -> Inflation.Outcome {
        let outcome = Inflation.inflate(data, limit: min(maximumBytes, budget))
        if case .data(let text) = outcome { budget -= text.count } else { budget -= maximumBytes }
        return outcome
    }
}
