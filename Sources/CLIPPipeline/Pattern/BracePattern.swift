internal import CLIPCore

/// Brace expansion as in shells and WebDataset: `shard-{000..123}.tar`.
package enum BracePattern {
    /// The largest number of texts that a pattern may expand to.
    package static let maximumCount = 1_000_000

    /// Expands a pattern, in its order.
    ///
    /// `{a,b}` stands for each alternative, `{1..9}` and `{a..e}` for each number or letter in the range, and
    /// `{0..9..3}` for every third one. If a number starts with a zero, all numbers are padded to the same width.
    /// Braces can be nested. Several braces in one pattern give all combinations, with the last one changing fastest.
    /// Any other braces are literal. A backslash escapes the next character. Text without braces is returned unchanged.
    ///
    /// ```swift
    /// try BracePattern.expand("{train,val}-{08..10}.tar")
    /// // train-08.tar, train-09.tar, train-10.tar, val-08.tar, val-09.tar, val-10.tar
    /// ```
    ///
    /// - Parameters:
    ///   - pattern: The pattern.
    ///   - most: The largest number of texts.
    /// - Returns: The texts.
    /// - Throws: `CLIPError` with code `unsupportedFormat` if a brace is unmatched, `limitExceeded` if the pattern
    ///   expands to more than `most` texts.
    package static func expand(_ pattern: String, most: Int = maximumCount) throws -> [String] {
        try expand(Array(pattern.utf8), most: most, keepsBackslashes: false).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Expands a pattern, keeping or removing its backslashes.
    static func expand(_ pattern: [UInt8], most: Int = maximumCount, keepsBackslashes: Bool) throws -> [[UInt8]] {
        guard pattern.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) else { return [pattern] }
        var parser = BraceParser(pattern, most: most, keepsBackslashes: keepsBackslashes)
        return try parser.texts(depth: 0)
    }
}

/// Parses a pattern from left to right.
private struct BraceParser {
    private typealias Texts = [[UInt8]]

    private static let maximumDepth = 64

    private let pattern: [UInt8]
    private let most: Int
    private let keepsBackslashes: Bool
    private var position = 0

    init(_ pattern: [UInt8], most: Int, keepsBackslashes: Bool) {
        self.pattern = pattern
        self.most = most
        self.keepsBackslashes = keepsBackslashes
    }

    /// The texts of a sequence: the whole pattern at depth 0, otherwise one alternative in braces.
    mutating func texts(depth: Int) throws -> [[UInt8]] {
        var texts: Texts = [[]]
        var literal = [UInt8]()
        while position < pattern.count {
            let byte = pattern[position]
            if byte == UInt8(ascii: "{") {
                texts = try product(texts, [literal])
                literal = []
                texts = try product(texts, try braces(depth: depth + 1))
                continue
            }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: ",") {
                if depth > 0 { break }
                if byte == UInt8(ascii: "}") { throw unbalanced }
            }
            if byte == UInt8(ascii: "\\"), position + 1 < pattern.count {
                if keepsBackslashes { literal.append(byte) }
                position += 1
            }
            literal.append(pattern[position])
            position += 1
        }
        return try product(texts, [literal])
    }

    /// The texts of a brace expression; the position moves from the opening brace to just after the closing one.
    private mutating func braces(depth: Int) throws -> Texts {
        guard depth <= Self.maximumDepth else { throw tooMany("nests braces deeper than \(Self.maximumDepth)") }
        position += 1
        let start = position
        var alternatives = [try texts(depth: depth)]
        while position < pattern.count, pattern[position] == UInt8(ascii: ",") {
            position += 1
            alternatives.append(try texts(depth: depth))
        }
        guard position < pattern.count else { throw unbalanced }
        let inside = pattern[start..<position]
        position += 1
        if alternatives.count > 1 {
            try requireAllowed(alternatives.reduce(0) { $0 + $1.count })
            return Array(alternatives.joined())
        }
        if let range = BraceRange(inside) {
            try requireAllowed(range.count)
            return range.texts
        }
        return alternatives[0].map { Array("{".utf8) + $0 + Array("}".utf8) }
    }

    private func product(_ heads: Texts, _ tails: Texts) throws -> Texts {
        try requireAllowed(heads.count * tails.count)
        return heads.flatMap { head in tails.map { head + $0 } }
    }

    private func requireAllowed(_ count: Int) throws {
        guard count <= most else {
            throw tooMany("expands to more than \(most) texts")
        }
    }

    private func tooMany(_ what: String) -> CLIPError {
        CLIPError(.limitExceeded, "The pattern '\(PathText.text(pattern[...]))' \(what).")
    }

    private var unbalanced: CLIPError {
        CLIPError(
            .unsupportedFormat,
            "In the pattern '\(PathText.text(pattern[...]))' a brace is unmatched. Write \\{ for a literal brace."
        )
    }
}
