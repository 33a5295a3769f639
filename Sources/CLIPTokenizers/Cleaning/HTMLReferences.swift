/// HTML character references: `&eacute;`, `&#233;`, `&#xE9;`.
enum HTMLReferences {
    /// Replaces every reference like Python's `html.unescape`, which follows HTML 5's rules for invalid references:
    /// some names need no semicolon, and numbers that are not characters are replaced or dropped.
    static func resolve(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        replaceAmpersands(in: text) { start in
            if let number = NumericReference(in: text, at: start) {
                return (number.scalars, number.end)
            }
            return namedReference(in: text, at: start)
        }
    }

    /// Like ftfy, replaces only references that end with a semicolon and so cannot be mistaken for plain text.
    ///
    /// Names may be in capitals, such as `&EACUTE;`, unless that is another name.
    static func resolveTerminated(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        replaceAmpersands(in: text) { start in
            let body = text[(start + 1)...].prefix { $0.isASCIILetter || $0.isASCIIDigit || $0 == "#" }
            guard body.endIndex < text.count, text[body.endIndex] == ";" else { return nil }
            let end = body.endIndex + 1
            if body.first == "#" {
                guard body.count <= longestTerminated + 1, let number = NumericReference(in: text, at: start),
                    number.end == end, number.scalars != [";"]
                else { return nil }
                return (number.scalars, end)
            }
            guard body.count <= longestTerminated, let name = name(body) else { return nil }
            return (entities[name]?.scalars ?? capitalized(name)).map { ($0, end) }
        }
    }

    private struct Entity {
        let scalars: [Unicode.Scalar]
        let needsSemicolon: Bool
    }

    private static let longestTerminated = 24
    private static let longestName = 32

    private static let entities: [String: Entity] = {
        var result: [String: Entity] = [:]
        MappingTable.forEachEntry(of: HTMLEntityTable.entities) { key, scalars in
            let needsSemicolon = !key.hasSuffix("*")
            let name = String(needsSemicolon ? key : key.dropLast())
            result[name] = Entity(scalars: scalars, needsSemicolon: needsSemicolon)
        }
        return result
    }()

    /// Calls `replacement` with the index of each `&`; it returns the replacement and the index at which to continue.
    private static func replaceAmpersands(
        in text: [Unicode.Scalar],
        _ replacement: (_ start: Int) -> (scalars: [Unicode.Scalar], end: Int)?
    ) -> [Unicode.Scalar] {
        guard text.contains("&") else { return text }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == "&", let (scalars, end) = replacement(index) {
                result += scalars
                index = end
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    /// The longest name after the `&` at `start`: a complete one, or the beginning of a word if no semicolon is needed.
    private static func namedReference(in text: [Unicode.Scalar], at start: Int) -> ([Unicode.Scalar], Int)? {
        let word = text[(start + 1)...].prefix(longestName).prefix { $0.isASCIILetter || $0.isASCIIDigit }
        let endsInSemicolon = word.endIndex < text.count && text[word.endIndex] == ";"
        if endsInSemicolon, let entity = name(word).flatMap({ entities[$0] }) {
            return (entity.scalars, word.endIndex + 1)
        }
        for length in stride(from: word.count, through: 2, by: -1) {
            if let entity = name(word.prefix(length)).flatMap({ entities[$0] }), !entity.needsSemicolon {
                return (entity.scalars, start + 1 + length)
            }
        }
        return nil
    }

    /// The meaning of a lower-case name written in capitals; `nil` if the capitals begin with another name.
    private static func capitalized(_ name: String) -> [Unicode.Scalar]? {
        let lower = name.lowercased()
        guard lower != name, lower.uppercased() == name, let entity = entities[lower] else { return nil }
        guard namedReference(in: Array("&\(name);".unicodeScalars), at: 0) == nil else { return nil }
        return entity.scalars.flatMap { $0.properties.uppercaseMapping.unicodeScalars }
    }

    private static func name(_ scalars: ArraySlice<Unicode.Scalar>) -> String? {
        scalars.isEmpty ? nil : String(String.UnicodeScalarView(scalars))
    }
}
