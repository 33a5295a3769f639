/// One header block of a tar archive, of any of its formats: v7, ustar, pax, GNU.
struct TarHeader {
    static let blockBytes = 512

    /// What the header stands before.
    enum Kind {
        /// A file, or in old archives a folder, whose path then ends with a slash.
        case file
        case sparseFile, link
        /// A folder or device: nothing follows.
        case empty
        /// Pax records for the next member, or for all that follow.
        case attributes, globalAttributes
        /// GNU: the name of the next member.
        case longName
        /// GNU: the target of the next member, which is a link.
        case longLink
        /// Something else, with contents to be skipped.
        case other
    }

    /// The member's name, together with its prefix.
    let path: [UInt8]
    let kind: Kind
    /// Number of bytes that the header says follow.
    let byteCount: Int
    /// Seconds since 1970.
    let modified: Int?
    /// Whether further blocks of a GNU sparse file's map follow.
    let hasExtension: Bool

    /// Whether a block holds nothing: two of them end an archive.
    static func isZero(_ block: [UInt8]) -> Bool { block.allSatisfy { $0 == 0 } }

    /// Reads a header; `nil` when its checksum does not fit or its size is no number that can be.
    init?(_ block: [UInt8]) {
        guard Self.hasValidChecksum(block), let byteCount = Self.number(block[124..<136]), byteCount >= 0 else {
            return nil
        }
        var path = Self.text(block[0..<100])
        let isPOSIX = block[257..<263].elementsEqual("ustar\0".utf8)
        if isPOSIX {
            let prefix = Self.text(block[345..<500])
            if !prefix.isEmpty { path = prefix + "/".utf8 + path }
        }
        self.path = path
        let kind = Self.kind(of: block[156])
        self.kind = kind
        self.byteCount =
            switch kind {
            case .link, .empty: 0
            default: byteCount
            }
        self.modified = Self.number(block[136..<148])
        self.hasExtension = kind == .sparseFile && block[482] != 0
    }

    private static func kind(of type: UInt8) -> Kind {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"), UInt8(ascii: "2"): .link
        case UInt8(ascii: "3")...UInt8(ascii: "6"): .empty
        case UInt8(ascii: "x"), UInt8(ascii: "X"): .attributes
        case UInt8(ascii: "g"): .globalAttributes
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "K"): .longLink
        case UInt8(ascii: "S"): .sparseFile
        default: .other
        }
    }

    /// The sum of all bytes, the checksum itself taken as spaces; some old programs summed signed bytes.
    private static func hasValidChecksum(_ block: [UInt8]) -> Bool {
        let field = 148..<156
        guard let expected = number(block[field]) else { return false }
        var unsigned = field.count * 32
        var signed = unsigned
        for (index, byte) in block.enumerated() where !field.contains(index) {
            unsigned += Int(byte)
            signed += Int(Int8(bitPattern: byte))
        }
        return expected == unsigned || expected == signed
    }

    /// The bytes up to the first zero.
    static func text(_ field: ArraySlice<UInt8>) -> [UInt8] {
        Array(field.prefix { $0 != 0 })
    }

    /// A number in octal digits, or in binary where the first bit is set (GNU); `nil` when it is neither or too large.
    static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            // Two's complement with the first bit left out: the second one is the sign.
            var value = first & 0x40 != 0 ? Int(Int8(bitPattern: first)) : Int(first & 0x3F)
            for byte in field.dropFirst() {
                let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
                guard !overflow else { return nil }
                value = shifted + Int(byte)
            }
            return value
        }
        let isBlank: (UInt8) -> Bool = { $0 == 0 || $0 == UInt8(ascii: " ") }
        let rest = field.drop(while: isBlank)
        let digits = rest.prefix { !isBlank($0) }
        guard rest.dropFirst(digits.count).allSatisfy(isBlank) || rest.dropFirst(digits.count).first == 0 else {
            return nil
        }
        if digits.isEmpty { return 0 }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
