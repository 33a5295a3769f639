/// The kinds of a character in the mojibake rules; most characters have none.
struct CharacterKinds: OptionSet, Sendable {
    let rawValue: UInt32

    static let common = Self(rawValue: 1 << 0)
    static let c1 = Self(rawValue: 1 << 1)
    static let bad = Self(rawValue: 1 << 2)
    static let law = Self(rawValue: 1 << 3)
    static let currency = Self(rawValue: 1 << 4)
    static let startPunctuation = Self(rawValue: 1 << 5)
    static let endPunctuation = Self(rawValue: 1 << 6)
    static let numeric = Self(rawValue: 1 << 7)
    static let kaomoji = Self(rawValue: 1 << 8)
    static let upperAccented = Self(rawValue: 1 << 9)
    static let lowerAccented = Self(rawValue: 1 << 10)
    static let upperCommon = Self(rawValue: 1 << 11)
    static let lowerCommon = Self(rawValue: 1 << 12)
    static let box = Self(rawValue: 1 << 13)
    static let asciiLower = Self(rawValue: 1 << 14)
    static let asciiUpper = Self(rawValue: 1 << 15)
    /// Letters, numbers and `_`.
    static let word = Self(rawValue: 1 << 16)
    static let space = Self(rawValue: 1 << 17)
    static let lineFeed = Self(rawValue: 1 << 18)
}

extension CharacterKinds {
    /// The kinds of a character.
    init(_ scalar: Unicode.Scalar) {
        self = scalar.isASCII ? [] : Self.table[scalar] ?? []
        if scalar.isASCIILetter { insert(scalar.value < 0x61 ? .asciiUpper : .asciiLower) }
        if scalar.isLetter || scalar.isNumber || scalar == "_" { insert(.word) }
        if scalar.isPythonSpace { insert(.space) }
        if scalar == "\n" { insert(.lineFeed) }
    }

    private static let table: [Unicode.Scalar: CharacterKinds] = {
        let members: [(CharacterKinds, String)] = [
            (.common, MojibakeTable.common), (.c1, MojibakeTable.c1), (.bad, MojibakeTable.bad),
            (.law, MojibakeTable.law), (.currency, MojibakeTable.currency),
            (.startPunctuation, MojibakeTable.startPunctuation), (.endPunctuation, MojibakeTable.endPunctuation),
            (.numeric, MojibakeTable.numeric), (.kaomoji, MojibakeTable.kaomoji),
            (.upperAccented, MojibakeTable.upperAccented), (.lowerAccented, MojibakeTable.lowerAccented),
            (.upperCommon, MojibakeTable.upperCommon), (.lowerCommon, MojibakeTable.lowerCommon),
            (.box, MojibakeTable.box),
        ]
        var table: [Unicode.Scalar: CharacterKinds] = [:]
        for (kind, description) in members {
            for scalar in ScalarSet(description).scalars { table[scalar, default: []].insert(kind) }
        }
        return table
    }()
}

/// One position in a rule: the kinds or characters that match there.
struct CharacterPattern: Sendable {
    private let kinds: CharacterKinds
    private let scalars: String.UnicodeScalarView
    private let isNegated: Bool

    /// Matches any of the characters or kinds.
    init(_ characters: String, or kinds: CharacterKinds = []) {
        self.kinds = kinds
        scalars = characters.unicodeScalars
        isNegated = false
    }

    /// Matches any of the kinds.
    init(_ kinds: CharacterKinds) {
        self.init("", or: kinds)
    }

    /// Matches everything except the kinds.
    init(not kinds: CharacterKinds) {
        self.kinds = kinds
        scalars = "".unicodeScalars
        isNegated = true
    }

    /// Whether a character with the given kinds matches.
    func matches(_ scalar: Unicode.Scalar, _ kinds: CharacterKinds) -> Bool {
        (!kinds.isDisjoint(with: self.kinds) || scalars.contains(scalar)) != isNegated
    }
}
