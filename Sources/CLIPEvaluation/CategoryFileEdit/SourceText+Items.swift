internal import Yams

/// Where the items of lists begin and end.
extension SourceText {
    /// The bytes of a plain or quoted scalar, with its quotes; `nil` if it is written otherwise.
    func extent(of node: Node) -> Range<Int>? {
        guard let scalar = node.scalar, let start = offset(of: node.mark), start < bytes.count else { return nil }
        switch scalar.style {
        case .doubleQuoted: return quotedEnd(from: start, UInt8(ascii: "\"")).map { start..<$0 }
        case .singleQuoted: return quotedEnd(from: start, UInt8(ascii: "'")).map { start..<$0 }
        case .plain, .any:
            let text = Array(scalar.string.utf8)
            return bytes[start...].starts(with: text) ? start..<start + text.count : nil
        case .literal, .folded:
            return nil
        }
    }

    private func quotedEnd(from start: Int, _ quote: UInt8) -> Int? {
        guard bytes[start] == quote else { return nil }
        var index = start + 1
        while index < bytes.count {
            if quote == UInt8(ascii: "\""), bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] != quote {
                index += 1
            } else if quote == UInt8(ascii: "'"), index + 1 < bytes.count, bytes[index + 1] == quote {
                index += 2
            } else {
                return index + 1
            }
        }
        return nil
    }

    /// The start of the line after that of an offset, or the end of the text.
    func endOfLine(of offset: Int) -> Int {
        lineStarts.first { $0 > offset } ?? bytes.count
    }

    /// Whether only a comma and a comment follow on an offset's line.
    func endsLine(after offset: Int) -> Bool {
        let rest = bytes[offset..<endOfLine(of: offset)].drop { Self.isBlank($0) || $0 == UInt8(ascii: ",") }
        return rest.first.map { [UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0) } ?? true
    }

    /// Whether a character comes next, after blanks.
    func isFollowed(by scalar: Unicode.Scalar, after offset: Int) -> Bool {
        bytes[offset...].first { !Self.isBlank($0) } == UInt8(ascii: scalar)
    }

    /// The offset after the bracket that closes a list whose last item ends at an offset.
    func closingBracket(after offset: Int) -> Int? {
        nextToken(after: offset).flatMap { bytes[$0] == UInt8(ascii: "]") ? $0 + 1 : nil }
    }

    /// Whether a comma or a closing brace comes next: the mapping is written in braces.
    func isInBraces(after offset: Int) -> Bool {
        let next = bytes[offset...].first { !Self.isBlank($0) }
        return next == UInt8(ascii: ",") || next == UInt8(ascii: "}")
            || nextToken(after: offset).map { bytes[$0] == UInt8(ascii: "}") } ?? false
    }

    /// The offset of the colon after a key.
    func colon(after key: Node) -> Int? {
        extent(of: key).flatMap { extent in bytes[extent.upperBound...].firstIndex(of: UInt8(ascii: ":")) }
    }

    /// The next byte that is neither white space nor part of a comment nor a comma at the end of a list.
    private func nextToken(after offset: Int) -> Int? {
        var index = offset
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","):
                index += 1
            case UInt8(ascii: "#"):
                index = endOfLine(of: index)
            default:
                return index
            }
        }
        return nil
    }
}
