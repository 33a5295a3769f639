internal import CLIPCore
internal import Yams

/// The bytes of a YAML text, with lines counted as libyaml counts them.
struct SourceText {
    /// Replaces a range of bytes with `text`.
    struct Change {
        let range: Range<Int>
        let text: String
    }

    let bytes: [UInt8]
    /// The offset of the first byte of each line, after a byte order mark.
    let lineStarts: [Int]

    init(_ text: String) {
        bytes = Array(text.utf8)
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        var index = starts[0]
        while index < bytes.count {
            let length = Self.lineBreakLength(bytes, at: index)
            index += max(length, 1)
            if length > 0 { starts.append(index) }
        }
        lineStarts = starts
    }

    /// The line break of the first line.
    var lineBreak: String {
        let first = bytes.firstIndex(of: UInt8(ascii: "\n"))
        return first.map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false ? "\r\n" : "\n"
    }

    /// The offset of a mark; `nil` if it lies outside the text.
    func offset(of mark: Mark?) -> Int? {
        guard let mark, lineStarts.indices.contains(mark.line - 1) else { return nil }
        var offset = lineStarts[mark.line - 1]
        for _ in 1..<max(mark.column, 1) {
            guard offset < bytes.count else { return nil }
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }

    /// The offset of the opening brace of a flow mapping at a mark, after its anchor and tag; `nil` for a block
    /// mapping.
    ///
    /// Yams does not distinguish the two styles: it reads the style from the event that ends a mapping.
    func openingBrace(at mark: Mark?) -> Int? { opening("{", at: mark) }

    /// The offset of an opening brace or bracket at a mark, after its anchor and tag; `nil` if there is none.
    func opening(_ bracket: Unicode.Scalar, at mark: Mark?) -> Int? {
        guard var offset = offset(of: mark) else { return nil }
        while offset < bytes.count, [UInt8(ascii: "&"), UInt8(ascii: "!")].contains(bytes[offset]) {
            offset = bytes[offset...].firstIndex(where: Self.isBlank) ?? bytes.count
            offset = bytes[offset...].firstIndex { !Self.isBlank($0) } ?? bytes.count
        }
        return offset < bytes.count && bytes[offset] == UInt8(ascii: bracket) ? offset : nil
    }

    /// The line of an offset, counted from 0.
    func line(of offset: Int) -> Int {
        (lineStarts.firstIndex { $0 > offset } ?? lineStarts.count) - 1
    }

    /// The text before an offset on its line, if it is only white space.
    func indentation(before offset: Int) -> String? {
        let start = bytes[lineStarts[line(of: offset)]..<offset]
        return start.allSatisfy(Self.isBlank) ? String(decoding: start, as: UTF8.self) : nil
    }

    /// Whether a line contains only a comment.
    func isComment(line: Int) -> Bool {
        bytes[lineStarts[line]...].first { !Self.isBlank($0) } == UInt8(ascii: "#")
    }

    /// Applies changes that do not overlap.
    func text(with changes: [Change]) -> String {
        var bytes = bytes
        // Last to first. An insertion at the start of a replaced range is applied after the replacement.
        let ordered = changes.sorted {
            ($0.range.lowerBound, $0.range.upperBound) > ($1.range.lowerBound, $1.range.upperBound)
        }
        for change in ordered {
            bytes.replaceSubrange(change.range, with: change.text.utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// The length of the line break at an offset, or 0: CR LF, LF, CR, or Unicode's NEL, LS or PS.
    private static func lineBreakLength(_ bytes: [UInt8], at index: Int) -> Int {
        let next = bytes[(index + 1)...].prefix(2)
        return switch bytes[index] {
        case 0x0D: next.first == 0x0A ? 2 : 1
        case 0x0A: 1
        case 0xC2: next.first == 0x85 ? 2 : 0
        case 0xE2: [[0x80, 0xA8], [0x80, 0xA9]].contains(Array(next)) ? 3 : 0
        default: 0
        }
    }
}
