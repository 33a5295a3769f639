internal import CLIPCore

/// A member of a zip archive.
struct ZipEntry: Sendable {
    /// The path, with `/` between components.
    let path: [UInt8]
    let flags: Int
    let method: Int
    let checksum: UInt32
    let compressedByteCount: Int
    let byteCount: Int
    /// Offset of the local header.
    let headerOffset: Int
    /// The Unix mode, or 0.
    let mode: Int

    var isFolder: Bool { path.last == UInt8(ascii: "/") }
    var isSymbolicLink: Bool { mode & 0o170000 == 0o120000 }
    var isEncrypted: Bool { flags & 0x41 != 0 || method == 99 }

    /// Changes when the contents change.
    var version: String {
        let digits = String(checksum, radix: 16)
        return "\(byteCount)@crc32:\(String(repeating: "0", count: 8 - digits.count))\(digits)"
    }
}

/// The fields of a zip header that are alike in the directory and in front of a member.
struct ZipFields {
    private static let absent = 0xFFFF_FFFF

    let flags: Int
    let method: Int
    let checksum: UInt32
    private(set) var compressedByteCount: Int
    private(set) var byteCount: Int

    /// Parses the fields from the flags on; `nil` if they are incomplete.
    init?(_ header: [UInt8], at offset: Int) {
        guard
            let flags = header.number(at: offset, count: 2),
            let method = header.number(at: offset + 2, count: 2),
            let checksum = header.number(at: offset + 8, count: 4),
            let compressedByteCount = header.number(at: offset + 12, count: 4),
            let byteCount = header.number(at: offset + 16, count: 4)
        else { return nil }
        self.flags = flags
        self.method = method
        self.checksum = UInt32(checksum)
        self.compressedByteCount = compressedByteCount
        self.byteCount = byteCount
    }

    /// Whether the sizes follow the member instead.
    var hasDescriptor: Bool { flags & 8 != 0 }

    /// Replaces numbers that do not fit into 32 bits with those of the Zip64 field.
    ///
    /// - Returns: Whether the field has all that are needed.
    mutating func apply(_ extra: ZipExtra, headerOffset: inout Int) -> Bool {
        var wide = extra.zip64[...]
        func take(_ value: inout Int) -> Bool {
            guard value == Self.absent else { return true }
            guard let number = Array(wide.prefix(8)).number(at: 0, count: 8) else { return false }
            value = number
            wide = wide.dropFirst(8)
            return true
        }
        return take(&byteCount) && take(&compressedByteCount) && take(&headerOffset)
    }
}

/// The extra fields of a zip header that matter.
struct ZipExtra {
    /// The numbers that do not fit into 32 bits.
    private(set) var zip64 = [UInt8]()
    /// A name in UTF-8, and the CRC-32 of the name that it replaces.
    private(set) var name: (bytes: [UInt8], checksum: Int)?

    init(_ bytes: [UInt8]) {
        var offset = 0
        while let kind = bytes.number(at: offset, count: 2), let count = bytes.number(at: offset + 2, count: 2),
            offset + 4 + count <= bytes.count
        {
            let field = Array(bytes[(offset + 4)..<(offset + 4 + count)])
            switch kind {
            case 0x0001: zip64 = field
            case 0x7075:
                if field.first == 1, let checksum = field.number(at: 1, count: 4) {
                    name = (Array(field[5...]), checksum)
                }
            default: break
            }
            offset += 4 + count
        }
    }
}
