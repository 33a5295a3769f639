/// A header block of a tar archive in any common format: v7, ustar, pax or GNU.
struct TarHeader {
    static let blockBytes = 512

    /// The type of the header.
    enum Kind {
        /// A file, or in old archives a folder, whose path then ends with a slash.
        case file
        case sparseFile, hardLink, symbolicLink
        /// A folder or device, without contents.
        case empty
        /// Pax records for the next member, or for all following members.
        case attributes, globalAttributes
        /// GNU: the name of the next member.
        case longName
        /// GNU: the target of the next member, which is a link.
        case longLink
        /// Another type, whose contents are skipped.
        case other
    }

    /// The member's name, including its prefix.
    let path: [UInt8]
    let kind: Kind
    /// The path that a link leads to.
    let linkPath: [UInt8]
    /// Number of content bytes according to the header.
    let byteCount: Int
    /// Seconds since 1970.
    let modified: Int?
    /// Whether more blocks of a GNU sparse file's map follow.
    let hasExtension: Bool

    /// Whether a block is all zeros; two such blocks end an archive.
    static func isZero(_ block: [UInt8]) -> Bool { block.allSatisfy { $0 == 0 } }

    /// Parses a header; `nil` if its checksum or size is invalid.
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
        self.linkPath = Self.text(block[157..<257])
        let kind = Self.kind(of: block[156])
        self.kind = kind
        self.byteCount =
            switch kind {
            case .hardLink, .symbolicLink, .empty: 0
            default: byteCount
            }
        self.modified = Self.number(block[136..<148])
        self.hasExtension = kind == .sparseFile && block[482] != 0
    }

    private static func kind(of type: UInt8) -> Kind {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .hardLink
        case UInt8(ascii: "2"): .symbolicLink
        case UInt8(ascii: "3")...UInt8(ascii: "6"): .empty
        case UInt8(ascii: "x"), UInt8(ascii: "X"): .attributes
        case UInt8(ascii: "g"): .globalAttributes
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "K"): .longLink
        case UInt8(ascii: "S"): .sparseFile
        default: .other
        }
    }

    /// Checks the sum of all bytes, with the checksum field counted as spaces; some old programs summed signed bytes.
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

    /// The bytes before the first zero.
    static func text(_ field: ArraySlice<UInt8>) -> [UInt8] {
        Array(field.prefix { $0 != 0 })
    }

    /// A number in octal digits, or in binary if the first bit is set (GNU); `nil` if it is malformed or too large.
    static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            // Two's complement without the first bit: the second bit is the sign.
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
