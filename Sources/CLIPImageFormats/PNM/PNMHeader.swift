internal import CLIPCore
internal import CLIPImage

/// The header of a PNM file: the type, the size and the largest value.
struct PNMHeader {
    enum Kind {
        /// `P1`, `P4`
        case bitmap
        /// `P2`, `P5`
        case graymap
        /// `P3`, `P6`
        case pixmap
        /// `Pf`
        case floats(isBigEndian: Bool)
    }

    let kind: Kind
    /// Whether values are decimal numbers.
    let isPlain: Bool
    let width: Int
    let height: Int
    /// The value that means full brightness.
    let maximum: Int
    /// Where the values start.
    let start: Int

    init(_ data: [UInt8]) throws(CLIPError) {
        var tokens = PNMTokens(data, from: 3)
        width = try Self.number(&tokens)
        height = try Self.number(&tokens)
        isPlain = (UInt8(ascii: "1")...UInt8(ascii: "3")).contains(data[1])
        switch data[1] {
        case UInt8(ascii: "1"), UInt8(ascii: "4"):
            kind = .bitmap
            maximum = 1
        case UInt8(ascii: "f"):
            guard let scale = Double(tokens.text() ?? ""), scale.isFinite, scale != 0 else {
                throw .damaged("PNM", "its scale is not a number other than 0")
            }
            kind = .floats(isBigEndian: scale > 0)
            maximum = 1
        default:
            kind = data[1] == UInt8(ascii: "2") || data[1] == UInt8(ascii: "5") ? .graymap : .pixmap
            maximum = try Self.number(&tokens)
        }
        start = tokens.position
        guard width > 0, height > 0, 1...65_535 ~= maximum else {
            throw .damaged("PNM", "its header says \(width) × \(height) pixels with values up to \(maximum)")
        }
    }

    var format: PixelImage.Format {
        switch kind {
        case .bitmap: .bilevel
        case .graymap: maximum > 255 ? .gray16 : .gray
        case .pixmap: .rgb
        case .floats: .gray16
        }
    }

    private static func number(_ tokens: inout PNMTokens) throws(CLIPError) -> Int {
        guard let token = tokens.text() else { throw .damaged("PNM", "its header is incomplete") }
        guard let number = Int(token), number >= 0 else {
            throw .damaged("PNM", "its header has \"\(token)\" where a number belongs")
        }
        return number
    }
}
