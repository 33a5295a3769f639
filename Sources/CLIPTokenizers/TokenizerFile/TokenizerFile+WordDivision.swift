extension TokenizerFile {
    /// How a normalised text is divided into words.
    ///
    /// - Throws: ``Problem`` if a pre-tokenizer is not supported.
    func wordDivision() throws -> WordDivision {
        var division = WordDivision()
        try preTokenizer?.add(to: &division)
        return division
    }
}

extension TokenizerFile.PreTokenizer {
    fileprivate func add(to division: inout WordDivision) throws {
        switch type {
        case "Sequence":
            for part in pretokenizers ?? [] { try part.add(to: &division) }
        case "Split" where division.isWhole: division.end = try wordEnd()
        case _ where division.end != nil:
            throw TokenizerFile.Problem("a pre-tokenizer '\(type)' after 'Split' is not supported")
        case "Split": throw TokenizerFile.Problem("a pre-tokenizer 'Split' after another one is not supported")
        case "WhitespaceSplit" where division.metaspace == nil && !division.splitsAtWhiteSpace:
            division.splitsAtWhiteSpace = true
        case "Metaspace" where division.metaspace == nil:
            division.metaspace = try metaspace()
        case "WhitespaceSplit", "Metaspace":
            throw TokenizerFile.Problem("a pre-tokenizer '\(type)' after 'Metaspace' or a second time is not supported")
        default:
            let supported = ["Metaspace", "WhitespaceSplit", "Split", "Sequence"]
            throw TokenizerFile.Problem.unsupported("pre-tokenizer", type, supported: supported)
        }
    }

    private func wordEnd() throws -> [UInt8] {
        guard let string = pattern?["String"], !string.isEmpty, behavior == "MergedWithPrevious", invert != true else {
            throw TokenizerFile.Problem(
                "the pre-tokenizer 'Split' is only supported with a string as its pattern, the behavior "
                    + "'MergedWithPrevious', and without 'invert'"
            )
        }
        return Array(string.utf8)
    }

    private func metaspace() throws -> WordDivision.Metaspace {
        guard let replacement, replacement.unicodeScalars.count == 1 else {
            throw TokenizerFile.Problem("the field 'replacement' of the pre-tokenizer 'Metaspace' is not one character")
        }
        var prefix = WordDivision.Prefix.always
        if let prependScheme {
            guard let known = WordDivision.Prefix(rawValue: prependScheme) else {
                let supported = ["always", "first", "never"]
                throw TokenizerFile.Problem.unsupported("prepend_scheme", prependScheme, supported: supported)
            }
            prefix = known
        }
        if addPrefixSpace == false {
            guard prependScheme == nil || prefix == .never else {
                throw TokenizerFile.Problem(
                    "the pre-tokenizer 'Metaspace' has an add_prefix_space and a prepend_scheme that contradict each other"
                )
            }
            prefix = .never
        }
        return WordDivision.Metaspace(replacement: Array(replacement.utf8), prefix: prefix, splits: split ?? true)
    }
}
