internal import CLIPCore

/// The start of a CSV file, which shows how its values are separated.
struct CSVText {
    /// What separates values in files that people have, by how common it is.
    private static let delimiters = Array(",;\t|".utf8)
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let path: String
    /// Without a byte order mark.
    private let start: ArraySlice<UInt8>

    /// - Parameters:
    ///   - path: The file's name.
    ///   - start: Its first bytes.
    /// - Throws: `CLIPError` with code `unsupportedFormat` if this is UTF-16 or an archive, such as a workbook.
    init(path: String, start: [UInt8]) throws {
        let isUTF16 = start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
        if isUTF16 || start.prefix(4).contains(0) {
            throw CLIPError(
                .unsupportedFormat,
                "\(path) is not UTF-8 text but UTF-16. Save it as UTF-8, in Excel as 'CSV UTF-8'."
            )
        }
        if start.starts(with: [UInt8(ascii: "P"), UInt8(ascii: "K"), 3, 4]) {
            throw CLIPError(
                .unsupportedFormat,
                "\(path) is a ZIP archive or an Excel workbook, not CSV. Unpack it, or save the workbook as 'CSV UTF-8'."
            )
        }
        self.path = path
        self.start = start.starts(with: Self.byteOrderMark) ? start.dropFirst(Self.byteOrderMark.count) : start[...]
    }

    /// The delimiter: that of the line `sep=;` with which Excel begins files, or the usual one for the file's name, or
    /// else the only other one in the header.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if the header has several others.
    func delimiter() throws -> UInt8 {
        if let namedDelimiter { return namedDelimiter }
        let usual = UInt8(ascii: TableFile.fileExtension(path) == "tsv" ? "\t" : ",")
        let found = Set(header)
        let others = Self.delimiters.filter { $0 != usual && found.contains($0) }
        guard !found.contains(usual), let first = others.first else { return usual }
        guard others.count == 1 else {
            throw CLIPError(
                .unsupportedFormat,
                "\(path): the values may be separated by \(others.map(Self.name).joined(separator: " or ")). Name the "
                    + "delimiter (--delimiter)."
            )
        }
        return first
    }

    /// The delimiter in a first line such as `sep=;`.
    var namedDelimiter: UInt8? {
        let line = start.prefix { !"\r\n".utf8.contains($0) }
        return line.count == 5 && line.starts(with: "sep=".utf8) ? line.last : nil
    }

    /// The other common delimiters in a name, which probably separate several names.
    static func otherDelimiters(in name: String, than delimiter: UInt8) -> [UInt8] {
        delimiters.filter { $0 != delimiter && name.utf8.contains($0) }
    }

    /// A delimiter as written on the command line.
    static func name(_ delimiter: UInt8) -> String {
        delimiter == UInt8(ascii: "\t") ? "'\\t'" : "'\(Character(Unicode.Scalar(delimiter)))'"
    }

    /// The bytes of the header outside quotes.
    private var header: [UInt8] {
        var isQuoted = false
        return start.prefix { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return isQuoted || !"\r\n".utf8.contains(byte)
        }.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.flatMap(\.element)
    }
}
