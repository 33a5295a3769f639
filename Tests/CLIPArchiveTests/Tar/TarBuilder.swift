/// Writes tar archives byte by byte, damaged ones too.
struct TarBuilder {
    private(set) var bytes = [UInt8]()

    /// Adds a header with a valid checksum, then contents and what fills up their last block.
    ///
    /// - Parameters:
    ///   - name: The first name field.
    ///   - type: The type flag.
    ///   - contents: What follows the header.
    ///   - size: The size field, where it is not that of the contents.
    ///   - magic: What tells the format.
    ///   - link: What a link leads to.
    ///   - sumsSignedBytes: Whether the checksum is the one of old programs.
    mutating func add(
        _ name: String,
        type: Character = "0",
        _ contents: [UInt8] = [],
        size: [UInt8]? = nil,
        magic: String = "ustar\u{0}00",
        link: String = "",
        sumsSignedBytes: Bool = false
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func set(_ offset: Int, _ field: some Collection<UInt8>) {
            header.replaceSubrange(offset..<(offset + field.count), with: field)
        }
        set(0, name.utf8)
        set(124, size ?? Array("\(octal(contents.count, digits: 11))\0".utf8))
        set(136, "00000000017\0".utf8)
        set(148, "        ".utf8)
        set(156, String(type).utf8)
        set(157, link.utf8)
        set(257, magic.utf8)
        let sum = header.reduce(0) { $0 + (sumsSignedBytes ? Int(Int8(bitPattern: $1)) : Int($1)) }
        set(148, "\(octal(sum, digits: 6))\0 ".utf8)
        bytes += header + contents
        bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    /// The archive with the blocks of zeros that end it.
    var whole: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// One pax record.
    static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }

    private func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
