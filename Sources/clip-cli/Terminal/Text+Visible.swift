extension Text {
    /// A text in which what cannot be seen is written out, such as `\u{1b}`.
    ///
    /// So a name from a file, a table or a server stays on its line, and a terminal takes nothing in it for a command. Of
    /// a text of megabytes, the middle is left out.
    static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard text.utf8.count > longestText, scalars.count > longestText else { return visible(text) { _ in false } }
        let (start, end) = (scalars.prefix(longestText / 2), scalars.suffix(longestText / 2))
        let rest = "… (\(scalars.count - longestText) characters) …"
        return visible(String(String.UnicodeScalarView(start))) { _ in false } + rest
            + visible(String(String.UnicodeScalarView(end))) { _ in false }
    }

    private static let longestText = 4000

    /// Lines of text in which what cannot be seen is written out, except line ends and tabs.
    ///
    /// Everything that is printed passes through here. A name that may hold line ends must pass through ``printable(_:)``
    /// before.
    static func visibleLines(_ text: String) -> String {
        visible(text) { $0 == "\n" || $0 == "\t" }
    }

    /// CSV as ``visibleLines(_:)``, in which line ends within quotes are written out, too: rows keep to their line.
    static func visibleCSV(_ csv: String) -> String {
        var isQuoted = false
        return escaping(csv) { scalar in
            if scalar == "\"" { isQuoted.toggle() }
            let isKept = scalar == "\t" || (scalar == "\n" && !isQuoted)
            return !isInvisible(scalar) || isKept ? nil : "\\u{\(String(scalar.value, radix: 16))}"
        }
    }

    /// JSON in which what cannot be seen is escaped, so that it is the same JSON: `\u202e` for an override of direction.
    static func visibleJSON(_ json: String) -> String {
        escaping(json) { scalar in
            guard scalar != "\n", isInvisible(scalar) else { return nil }
            return String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }

    private static func visible(_ text: String, keeping isKept: (Unicode.Scalar) -> Bool) -> String {
        escaping(text) { !isInvisible($0) || isKept($0) ? nil : "\\u{\(String($0.value, radix: 16))}" }
    }

    private static func escaping(_ text: String, _ escape: (Unicode.Scalar) -> String?) -> String {
        guard !text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if let escaped = escape(scalar) {
                result += escaped
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// Whether a character is a control character (C0, C1), changes the direction of text, or takes no space and shows
    /// nothing, by its Unicode properties.
    ///
    /// Not those that only choose how the characters beside them look, as in emoji, Persian and Indic texts: the zero-width
    /// joiner and non-joiner, and variation selectors.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        guard !"\u{200C}\u{200D}".unicodeScalars.contains(scalar), !properties.isVariationSelector else { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return properties.isDefaultIgnorableCodePoint
        }
    }
}
