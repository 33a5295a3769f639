/// The search pattern of the normaliser `Replace`.
enum ReplacementPattern: Sendable {
    /// A string.
    case literal([UInt8])
    /// A character, at least the given number of times in a row.
    case run(of: [UInt8], atLeast: Int)

    /// Longer runs do not occur, and their bytes can still be counted.
    private static let longestRun = 1 << 32

    /// Reads a regular expression: a string without special characters, or one character followed by `+` or `{n,}`.
    init?(regex: String) {
        let special = Set("\\^$.|?*+()[]{}".unicodeScalars)
        let scalars = Array(regex.unicodeScalars)
        guard let first = scalars.first, !special.contains(first) else { return nil }
        let rest = String(String.UnicodeScalarView(scalars.dropFirst()))
        if rest == "+" {
            self = .run(of: Array(String(first).utf8), atLeast: 1)
        } else if rest.hasPrefix("{"), rest.hasSuffix(",}"), let count = Int(rest.dropFirst().dropLast(2)),
            1...Self.longestRun ~= count
        {
            self = .run(of: Array(String(first).utf8), atLeast: count)
        } else if !scalars.contains(where: special.contains) {
            self = .literal(Array(regex.utf8))
        } else {
            return nil
        }
    }

    /// The first match at or after a position.
    func firstMatch(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        switch self {
        case .literal(let pattern):
            return Self.firstRange(of: pattern, in: bytes[start...])
        case .run(let character, let minimum):
            var rest = bytes[start...]
            while let first = Self.firstRange(of: character, in: rest) {
                var end = first.upperBound
                while bytes[end...].starts(with: character) { end += character.count }
                if end - first.lowerBound >= minimum * character.count { return first.lowerBound..<end }
                rest = bytes[end...]
            }
            return nil
        }
    }

    private static func firstRange(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        var rest = bytes
        while let start = rest.firstIndex(of: pattern[0]) {
            if bytes[start...].starts(with: pattern) { return start..<start + pattern.count }
            rest = bytes[(start + 1)...]
        }
        return nil
    }
}
