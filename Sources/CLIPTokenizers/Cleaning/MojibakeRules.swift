/// Decides whether a text is so unlikely that it must be mojibake.
///
/// The rules are those of `ftfy.badness` 6.3: sequences of two to five characters that hardly ever occur next to each
/// other in real text, such as a lower-case accented letter followed by a currency sign.
enum MojibakeRules {
    /// Whether any rule matches anywhere in the text.
    static func match(_ text: [Unicode.Scalar]) -> Bool {
        let kinds = text.map(CharacterKinds.init)
        if matches(wordStart, text, kinds, at: 0) { return true }
        return text.indices.contains { index in
            rules.contains { matches($0, text, kinds, at: index) }
        }
    }

    private static func matches(
        _ rule: [CharacterPattern],
        _ text: [Unicode.Scalar],
        _ kinds: [CharacterKinds],
        at start: Int
    ) -> Bool {
        guard rule.count <= text.count - start else { return false }
        return rule.indices.allSatisfy { rule[$0].matches(text[start + $0], kinds[start + $0]) }
    }

    private static let anyLetter: CharacterKinds = [.asciiLower, .asciiUpper]
    private static let anyAccented: CharacterKinds = [.lowerAccented, .upperAccented]
    private static let suspicious: CharacterKinds = [
        .lowerAccented, .upperAccented, .box, .startPunctuation, .endPunctuation, .currency, .numeric, .law,
    ]

    /// "Â " or "Ã " at the beginning of the text.
    private static let wordStart: [CharacterPattern] = [.init("ÃÂ"), .init(" ")]

    private static let rules: [[CharacterPattern]] = kindRules + characterRules

    /// Rules for kinds of characters.
    private static let kindRules: [[CharacterPattern]] = [
        [.init(.c1)],
        [.init(suspicious.union(.bad)), .init(.bad)],
        [.init(anyLetter), .init([.lowerCommon, .upperCommon]), .init(.bad)],
        [.init(.bad), .init(suspicious)],
        [
            .init([.lowerAccented, .lowerCommon, .box, .endPunctuation, .currency, .numeric]),
            .init(.upperAccented),
        ],
        [.init([.box, .endPunctuation, .currency, .numeric]), .init(.lowerAccented)],
        [.init([.lowerAccented, .box, .endPunctuation]), .init(.currency)],
        [.init(.space), .init(.upperAccented), .init(.currency)],
        [.init([.upperAccented, .box]), .init([.numeric, .law])],
        [
            .init([.lowerAccented, .upperAccented, .box, .currency, .endPunctuation]), .init(.startPunctuation),
            .init(.numeric),
        ],
        [
            .init([.lowerAccented, .upperAccented, .currency, .numeric, .box, .law]), .init(.endPunctuation),
            .init(.startPunctuation),
        ],
        [.init([.currency, .numeric, .box]), .init(.startPunctuation)],
        [.init(.asciiLower), .init(.upperAccented), .init([.startPunctuation, .currency])],
        [.init(.box), .init(.kaomoji)],
        [.init(suspicious.subtracting(.box)), .init(.box)],
        [.init(.box), .init(.endPunctuation)],
        [.init(anyAccented), .init([.startPunctuation, .endPunctuation]), .init(.word)],
    ]

    /// Rules for specific characters, most of which begin frequent UTF-8 sequences.
    private static let characterRules: [[CharacterPattern]] = [
        [.init("Œœ"), .init(not: anyLetter)],
        [.init(.upperAccented), .init("°")],
        [
            .init("ÂÃÎÐ"),
            .init("€œŠš¢£Ÿž\u{A0}\u{AD}®©°·»–—´", or: [.startPunctuation, .endPunctuation]),
        ],
        [.init("×"), .init("²³")],
        // Arabic in Windows-1252.
        [.init("ØÙ"), arabicContinuation, .init("ØÙ"), arabicContinuation],
        // South Asian scripts in Windows-1252.
        [.init("à"), .init("²µ¹¼½¾")],
        // Mac Roman.
        [.init("√"), .init("±∂†≠®™´≤≥¥µø")],
        [.init("≈"), .init("°¢")],
        [.init("‚"), .init("Ä"), .init("ìîïòôúùû†°¢π")],
        [.init("‚"), .init("âó"), .init("àä°ê")],
        // Windows-1251.
        [.init("в"), .init("Ђ")],
        [
            .init("ВГРС"), .init("°µ", or: [.c1, .bad, .startPunctuation, .endPunctuation, .currency]), .init("ВГРС"),
        ],
        [
            .init("Г"), .init("ў"), .init("В"), .init("Ђ"), .init("В"), .init(not: .lineFeed),
            .init(" ", or: anyLetter),
        ],
        // "à", "á" and the no-break space in Windows-1252.
        [.init("Ã"), .init("\u{A0}¡")],
        [.init(.asciiLower), .init("ÃÂ"), .init(" ")],
        [.init(.asciiLower), .init(.space), .init("ÃÂ"), .init(" ")],
        [
            .init(".,?!", or: [.asciiLower, .endPunctuation]), .init("Â"),
            .init(" ", or: [.startPunctuation, .endPunctuation]),
        ],
        // Windows-1253.
        [.init("β"), .init("€"), .init("™\u{A0}Ά\u{AD}®°")],
        [.init("ΒΓΞΟ"), .init("°", or: [.c1, .bad, .startPunctuation, .endPunctuation, .currency]), .init("ΒΓΞΟ")],
        // Windows-1257.
        [.init("ā"), .init("€")],
    ]

    private static let arabicContinuation = CharacterPattern(
        "ŸŠ®°µ»",
        or: [.common, .currency, .bad, .numeric, .startPunctuation]
    )
}
