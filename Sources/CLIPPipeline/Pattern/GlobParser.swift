internal import CLIPCore

/// Parses a glob pattern without braces from left to right.
struct GlobParser {
    private let bytes: [UInt8]
    private let pattern: String
    private var position = 0

    /// Creates a parser.
    ///
    /// - Parameters:
    ///   - bytes: The pattern after brace expansion.
    ///   - pattern: The original pattern, for messages.
    init(_ bytes: [UInt8], pattern: String) {
        self.bytes = bytes
        self.pattern = pattern
    }

    /// Parses the pattern into tokens.
    ///
    /// - Throws: `CLIPError` with code `unsupportedFormat` if it is malformed.
    mutating func tokens() throws -> [GlobToken] {
        guard !bytes.isEmpty else { throw failure("is empty") }
        var tokens = [GlobToken]()
        while let byte = take() {
            switch byte {
            case UInt8(ascii: "*"):
                let isAtStart = position == 1 || bytes[position - 2] == UInt8(ascii: "/")
                if peek() != UInt8(ascii: "*") {
                    tokens.append(.name)
                } else {
                    position += 1
                    if isAtStart, peek() == UInt8(ascii: "/") {
                        position += 1
                        tokens += GlobToken.folders
                    } else {
                        tokens.append(.anything)
                    }
                }
            case UInt8(ascii: "?"): tokens += [.character, .continuation]
            case UInt8(ascii: "["): tokens += [try set(), .continuation]
            case UInt8(ascii: "\\"):
                guard let literal = take() else { throw failure("ends with a backslash") }
                tokens.append(.byte(literal))
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    private mutating func set() throws -> GlobToken {
        var members = Set<UInt8>()
        let isNegated = peek() == UInt8(ascii: "!") || peek() == UInt8(ascii: "^")
        if isNegated { position += 1 }
        let start = position
        while let next = peek() {
            if next == UInt8(ascii: "]"), position > start {
                position += 1
                return .set(members, isNegated: isNegated)
            }
            guard let first = try member() else { break }
            guard peek() == UInt8(ascii: "-"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: "]")
            else {
                members.insert(first)
                continue
            }
            position += 1
            guard let last = try member(), first <= last else { throw failure("has a reversed range") }
            members.formUnion(first...last)
        }
        throw failure("has a '[' without ']'")
    }

    private mutating func member() throws -> UInt8? {
        guard var byte = take() else { return nil }
        if byte == UInt8(ascii: "["), peek() == UInt8(ascii: ":") {
            throw failure("has an unsupported character class such as [:alpha:]; write a range such as [a-z]")
        }
        if byte == UInt8(ascii: "\\") {
            guard let literal = take() else { return nil }
            byte = literal
        }
        guard byte < 0x80 else { throw failure("has non-ASCII characters in '[]'; write them as {ä,ö}") }
        return byte
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take() -> UInt8? {
        defer { position += 1 }
        return peek()
    }

    private func failure(_ what: String) -> CLIPError {
        CLIPError(.unsupportedFormat, "The pattern '\(pattern)' \(what).")
    }
}
