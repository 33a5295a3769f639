internal import CLIPCore

/// Names in zip archives.
enum ZipName {
    /// The upper half of code page 437, the character set of names without a mark.
    private static let upperHalf = Array(
        ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
            + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars
    )

    /// A path in UTF-8, with `/` between components.
    ///
    /// Many programs write UTF-8 without saying so; text in code page 437 is practically never valid UTF-8.
    ///
    /// - Parameters:
    ///   - name: The name in the header.
    ///   - isUTF8: Whether the header says that it is UTF-8.
    ///   - extra: The extra fields of the header.
    ///   - isFromWindows: Whether a program for DOS or Windows wrote it, of which some write `\` for `/`.
    /// - Returns: The path.
    static func path(_ name: [UInt8], isUTF8: Bool, extra: ZipExtra, isFromWindows: Bool) -> [UInt8] {
        var path = name
        if let other = extra.name, other.checksum == Int(CRC32.checksum(of: name)) {
            path = other.bytes
        } else if !isUTF8, String(validating: name, as: UTF8.self) == nil {
            path = name.flatMap { byte in
                byte < 0x80 ? [byte] : Array(String(Character(upperHalf[Int(byte) - 0x80])).utf8)
            }
        }
        let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
        guard isFromWindows, !path.contains(slash) else { return path }
        return path.map { $0 == backslash ? slash : $0 }
    }
}
