/// Tokens that are found in the text itself, before the model sees it.
struct AddedTokens: Sendable {
    struct Token: Sendable {
        let id: Int
        /// What is looked for.
        let pattern: [UInt8]
        /// Only where no letter, digit or the like stands next to it.
        let isWholeWord: Bool
        /// Whether white space before and after it belongs to it.
        let takesSpaceBefore: Bool
        let takesSpaceAfter: Bool
    }

    /// A part of a text.
    enum Part {
        case token(Int)
        /// The range of its bytes, not empty.
        case text(Range<Int>)
    }

    private let tokens: [Token]
    private let trie: ByteTrie

    init(_ tokens: [Token]) {
        self.tokens = tokens
        trie = ByteTrie(tokens.enumerated().map { ($0.element.pattern, Int32($0.offset)) })
    }

    /// Divides a text at the tokens in it: the leftmost ones, of those the longest.
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
