import Testing

/// What texts of others look like when they are printed, here in the message for a file that does not exist.
@Suite(.ownThreads) struct VisibleTextTests {
    private func printed(_ text: String) throws -> String {
        let place = try Workplace()
        return try place.run("store", "info", "/none/\(text)").errors
    }

    @Test(arguments: [
        "\u{1F469}\u{200D}\u{1F680}", "\u{2764}\u{FE0F}", "1\u{FE0F}\u{20E3}", "\u{845B}\u{E0100}",
        "\u{0645}\u{06CC}\u{200C}\u{062E}", "\u{0915}\u{094D}\u{200D}\u{0937}", "e\u{301}ü日本語",
    ])
    func whatChoosesALookIsKept(text: String) throws {
        let errors = try printed(text)
        #expect(errors.contains("/none/\(text)") && !errors.contains("\\"), "\(errors)")
    }

    @Test(
        arguments: [
            "\u{1B}", "\u{9B}", "\u{7F}", "\r", "\u{202E}", "\u{2066}", "\u{200E}", "\u{200B}", "\u{FEFF}", "\u{AD}",
            "\u{2028}", "\u{2029}", "\u{E0041}", "\u{E007F}", "\u{3164}",
        ] as [Unicode.Scalar]
    )
    func whatCannotBeSeenIsWrittenOut(scalar: Unicode.Scalar) throws {
        let errors = try printed("a\(scalar)b")
        #expect(errors.contains("/none/a\\u{\(String(scalar.value, radix: 16))}b"), "\(errors)")
        #expect(!errors.unicodeScalars.contains(scalar))
    }
}
