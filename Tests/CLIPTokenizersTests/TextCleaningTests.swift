import CLIPCore
import CLIPTokenizers
import Testing

@Suite struct TextCleaningTests {
    @Test func noneLeavesTheTextAsItIs() {
        let text = "  \u{201C}A\u{201D}\r\n&amp; "
        #expect(TextCleaning.none.clean(text).escapedScalars == text.escapedScalars)
    }

    @Test func eachCleaningDoesWhatItsNameSays() {
        let text = "  A  Snake_Case,\tText! "
        #expect(TextCleaning.whitespace.clean(text) == "A Snake_Case, Text!")
        #expect(TextCleaning.lower.clean(text) == "a snake_case, text!")
        #expect(TextCleaning.canonicalize.clean(text) == "a snake case text")
    }

    @Test(arguments: [
        ("\u{201C}it\u{2019}s\u{201D}", "\"it's\""),
        ("\u{FF21}\u{FF22}\u{3000}\u{FF11}", "AB 1"),
        ("\u{FB01}nd \u{FB03}x", "find ffix"),
        ("cafe\u{301}", "caf\u{E9}"),
        ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
        ("\u{1B}[1;31mred\u{1B}[0m\u{7}\u{FEFF}", "red"),
        ("one\r\ntwo\u{2028}three", "one two three"),
        ("caf\u{C3}\u{A9} \u{E2}\u{20AC}\u{153}x\u{E2}\u{20AC}\u{9D}", "caf\u{E9} \"x\""),
        ("na\u{EF}ve \u{A3}5 \u{A9} \u{C5}ngstr\u{F6}m", "na\u{EF}ve \u{A3}5 \u{A9} \u{C5}ngstr\u{F6}m"),
        ("&amp;lt;b&gt; &eacute;&#8217;&#x41", "<b> \u{E9}'A"),
    ])
    func whatPeopleTypeOrPasteIsRepaired(_ text: String, _ expected: String) {
        #expect(TextCleaning.whitespace.clean(text).escapedScalars == expected.escapedScalars)
    }

    @Test func theFinalSigmaIsKept() {
        let cleaned = TextCleaning.lower.clean("\u{39F}\u{394}\u{39F}\u{3A3} \u{3A3}")
        #expect(cleaned == "\u{3BF}\u{3B4}\u{3BF}\u{3C2} \u{3C3}")
    }

    @Test func aLineWithMarkupKeepsItsReferencesThroughTheRepair() {
        // &EACUTE; is only known to the repair, which takes text with "<" for HTML from there on.
        #expect(TextCleaning.whitespace.clean("&EACUTE;\n<\n&EACUTE;") == "\u{C9} < &EACUTE;")
    }
}
