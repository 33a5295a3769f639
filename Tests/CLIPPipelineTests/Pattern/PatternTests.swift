import CLIPCore
import CLIPPipeline
import Testing

@Suite struct PatternTests {
    private static let braces: [(String, [String])] = [
        ("plain-[1]*.tar", ["plain-[1]*.tar"]),
        ("a\\b", ["a\\b"]),
        ("s-{008..011}.tar", ["s-008.tar", "s-009.tar", "s-010.tar", "s-011.tar"]),
        ("{8..10}", ["8", "9", "10"]),
        ("{10..8}", ["10", "9", "8"]),
        ("{-1..01}", ["-1", "00", "01"]),
        ("{0..7..3}", ["0", "3", "6"]),
        ("{7..0..-3}", ["7", "4", "1"]),
        ("{1..2..0}", ["1", "2"]),
        ("{a..e..2}", ["a", "c", "e"]),
        ("{a,b}{1..2}", ["a1", "a2", "b1", "b2"]),
        ("x{a,{b,c}d,}y", ["xay", "xbdy", "xcdy", "xy"]),
        ("{x}{}{1..b}", ["{x}{}{1..b}"]),
        ("{a{1,2}}", ["{a1}", "{a2}"]),
        (#"\{a,b\}{1\,2,3}"#, ["{a,b}1,2", "{a,b}3"]),
        ("é{é,ü}", ["éé", "éü"]),
    ]

    @Test(arguments: braces)
    func bracesStandForWhatTheyDoInAShell(pattern: String, texts: [String]) throws {
        #expect(try BracePattern.expand(pattern) == texts)
    }

    @Test(arguments: ["{a", "a}", "{a,{b}", "{1..2}}"])
    func aBraceWithoutCounterpartIsRefused(pattern: String) {
        let error = #expect(throws: CLIPError.self) { try BracePattern.expand(pattern) }
        #expect(error?.message.contains("'\(pattern)'") == true)
    }

    @Test(arguments: [
        "{1..1000001}", "{1..2000}{1..2000}", "{-9223372036854775808..9223372036854775807}",
        String(repeating: "{", count: 100_000),
    ])
    func aPatternForTooManyTextsIsRefused(pattern: String) {
        let error = #expect(throws: CLIPError.self) { try BracePattern.expand(pattern) }
        #expect(error?.code == .limitExceeded)
    }

    private static let globs: [(String, String, Bool)] = [
        ("*.jpg", "a.jpg", true), ("*.jpg", "x/y/a.jpg", true), ("*.jpg", "a.JPG", false), ("*.jpg", "a.jpg/b", false),
        ("train/*.jpg", "train/a.jpg", true), ("train/*.jpg", "train/x/a.jpg", false),
        ("train/*.jpg", "old/train/a.jpg", false), ("/a.jpg", "a.jpg", true), ("/a.jpg", "x/a.jpg", false),
        ("**/x/*.png", "x/a.png", true), ("**/x/*.png", "1/2/x/a.png", true), ("**/x/*.png", "1/2x/a.png", false),
        ("a/**/b", "a/b", true), ("a/**/b", "a/1/2/b", true), ("a/**/b", "a/1b", false),
        ("a/**", "a/b/c", true), ("a/**", "a", false), ("a**z", "abz", true), ("x/a**z", "x/a/b/z", true),
        ("?.png", "é.png", true), ("??.png", "é.png", false), ("x/?", "x//", false),
        ("[a-c]1", "b1", true), ("[a-c]1", "d1", false), ("[!a-c]1", "d1", true), ("[!a-c]1", "é1", true),
        ("x[!a]y", "x/y", false), ("[]x]", "]", true), (#"[\]]"#, "]", true), (#"[\\]"#, #"\"#, true),
        ("[a-]", "-", true),
        ("*.{jpg,png}", "a.png", true), ("*.{jpg,png}", "a.gif", false), ("{1..3}.x", "2.x", true),
        (#"\*"#, "*", true), (#"\*"#, "a", false), (#"\{a,b\}"#, "{a,b}", true),
    ]

    @Test(arguments: globs)
    func globsFit(pattern: String, path: String, fits: Bool) throws {
        #expect(try GlobPattern(pattern).matches(path) == fits)
    }

    @Test func aPatternThatEndsWithASlashFitsFoldersOnly() throws {
        #expect(try GlobPattern("cache/").matches("x/cache", isFolder: true))
        #expect(try !GlobPattern("cache/").matches("x/cache"))
    }

    @Test func manyStarsTakeNoLongerThanTheTextIsLong() throws {
        let pattern = try GlobPattern(String(repeating: "*a", count: 50) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 200)))
    }

    @Test(arguments: ["", "/", "[a", "[]", "[z-a]", "[[:alpha:]]", "[é]", #"a\"#, "{a"])
    func aMalformedGlobIsRefused(pattern: String) {
        let error = #expect(throws: CLIPError.self) { try GlobPattern(pattern) }
        #expect(error?.message.contains("'\(pattern)'") == true)
    }
}
