/// Tokens that are found in the text itself before the model processes it.
struct AddedTokens: Sendable {
    struct Token: Sendable {
        let id: Int
        /// The bytes to find.
        let pattern: [UInt8]
        /// Whether it matches only without adjacent letters, digits or other word characters.
        let isWholeWord: Bool
        /// Whether it includes the white space before and after it.
        let takesSpaceBefore: Bool
        let takesSpaceAfter: Bool
    }

    /// A section of a text.
    enum Part {
        case token(Int)
        /// A non-empty range of bytes.
        case text(Range<Int>)
    }

    private let tokens: [Token]
    private let trie: ByteTrie

    init(_ tokens: [Token]) {
        self.tokens = tokens
        trie = ByteTrie(tokens.enumerated().map { ($0.element.pattern, Int32($0.offset)) })
    }

    /// Splits a text at the tokens in it: the leftmost first, and among those the longest.
    func parts(of text: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var position = 0
        while position < text.count {
            guard trie.child(of: ByteTrie.root, text[position]) != ByteTrie.none,
                let match = trie.longestMatch(in: text[position...])
            else {
                position += 1
                continue
            }
            let range = position..<match.end
            position = match.end
            let token = tokens[Int(match.value)]
            if token.isWholeWord && !Self.isWholeWord(range, in: text) { continue }
            var tokenStart = range.lowerBound
            if token.takesSpaceBefore { tokenStart = UTF8Text.withoutTrailingSpace(text[..<tokenStart]).endIndex }
            if start < tokenStart { parts.append(.text(start..<tokenStart)) }
            parts.append(.token(token.id))
            start = range.upperBound
            if token.takesSpaceAfter { start = UTF8Text.withoutLeadingSpace(text[start...]).startIndex }
        }
        if start < text.count { parts.append(.text(start..<text.count)) }
        return parts
    }

    private static func isWholeWord(_ range: Range<Int>, in text: [UInt8]) -> Bool {
        let before = UTF8Text.lastScalar(of: text[..<range.lowerBound])
        let after = UTF8Text.firstScalar(of: text[range.upperBound...])
        return !(before.map(isWordScalar) ?? false) && !(after.map(isWordScalar) ?? false)
    }

    /// `\w` of Unicode Technical Standard #18.
    private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
        default: scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }
}
