/// A numeric HTML character reference: `&#233;` or `&#xE9;`, with or without the semicolon.
struct NumericReference {
    /// Its meaning: one scalar, or none for a number that is not a character.
    let scalars: [Unicode.Scalar]
    /// The index after the reference.
    let end: Int

    /// Reads the reference whose `&` is at `start`; `nil` if there is none.
    init?(in text: [Unicode.Scalar], at start: Int) {
        func scalar(at index: Int) -> Unicode.Scalar? { index < text.count ? text[index] : nil }
        guard scalar(at: start + 1) == "#" else { return nil }
        let isHexadecimal = scalar(at: start + 2) == "x" || scalar(at: start + 2) == "X"
        var index = start + (isHexadecimal ? 3 : 2)
        let firstDigit = index
        var number: UInt32 = 0
        while let digit = scalar(at: index).flatMap({ Character($0).hexDigitValue }),
            text[index].isASCII, isHexadecimal || digit < 10
        {
            number = min(number * (isHexadecimal ? 16 : 10) + UInt32(digit), Self.tooLarge)
            index += 1
        }
        guard index > firstDigit else { return nil }
        end = scalar(at: index) == ";" ? index + 1 : index
        scalars = Self.meaning(of: number)
    }

    private static let tooLarge: UInt32 = 0x11_0000
    private static let replacement: Unicode.Scalar = "\u{FFFD}"

    /// HTML 5's rules for numbers: C1 controls are read as Windows-1252; 0 and numbers outside Unicode become U+FFFD;
    /// other control characters and noncharacters are dropped.
    private static func meaning(of number: UInt32) -> [Unicode.Scalar] {
        switch number {
        case 0: return [replacement]
        case 0x0D: return ["\r"]
        case 0x80...0x9F: return [SingleByteEncoding.windows1252.scalar(of: UInt8(number))]
        default: break
        }
        guard let scalar = Unicode.Scalar(number) else { return [replacement] }
        switch number {
        case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: return []
        default: return number & 0xFFFE == 0xFFFE ? [] : [scalar]
        }
    }
}
