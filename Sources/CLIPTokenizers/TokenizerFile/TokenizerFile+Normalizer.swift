extension TokenizerFile {
    /// The normalisation steps, in order.
    ///
    /// - Throws: ``Problem`` if a step is not supported.
    func normalizationSteps() throws -> [NormalizationStep] {
        try normalizer?.steps() ?? []
    }
}

extension TokenizerFile.Normalizer {
    private static let supported = [
        "Precompiled", "Sequence", "Replace", "Strip", "Prepend", "Lowercase", "Nmt", "NFC", "NFD", "NFKC", "NFKD",
    ]

    fileprivate func steps() throws -> [NormalizationStep] {
        switch type {
        case "Sequence": try require(normalizers, "normalizers").flatMap { try $0.steps() }
        case "Precompiled":
            [.characterMap(try characterMap())]
        case "Replace": [.replace(try replacementPattern(), with: Array(try require(content, "content").utf8))]
        case "Strip":
            [.strip(left: try require(stripLeft, "strip_left"), right: try require(stripRight, "strip_right"))]
        case "Prepend": [.prepend(Array(try require(prepend, "prepend").utf8))]
        case "Lowercase": [.lowercase]
        case "Nmt": [.machineTranslation]
        default:
            if let form = NormalForm(rawValue: type) {
                [.form(form)]
            } else {
                throw TokenizerFile.Problem.unsupported("normalizer", type, supported: Self.supported)
            }
        }
    }

    private func characterMap() throws -> CharacterMap {
        guard let map = CharacterMap(base64: try require(precompiledCharsmap, "precompiled_charsmap")) else {
            throw TokenizerFile.Problem("the character map of the normalizer 'Precompiled' is damaged")
        }
        return map
    }

    private func replacementPattern() throws -> ReplacementPattern {
        let pattern = try require(pattern, "pattern")
        if let string = pattern["String"], !string.isEmpty { return .literal(Array(string.utf8)) }
        if let regex = pattern["Regex"], let pattern = ReplacementPattern(regex: regex) { return pattern }
        let text = pattern.values.joined()
        throw TokenizerFile.Problem(
            "the pattern '\(text)' of the normalizer 'Replace' is not supported; supported: strings, and regular "
                + "expressions of one character with '+' or '{n,}'"
        )
    }

    private func require<Value>(_ value: Value?, _ field: String) throws -> Value {
        guard let value else { throw TokenizerFile.Problem("the normalizer '\(type)' has no field '\(field)'") }
        return value
    }
}
