extension TokenizerFile {
    /// The added tokens, and in id order the spellings of those that the model lacks.
    struct AddedVocabulary {
        /// Tokens to find in the original text.
        var plain: [AddedTokens.Token] = []
        /// Tokens to find in the normalised text.
        var normalized: [AddedTokens.Token] = []
        var newPieces: [String] = []
        var ids: [String: Int] = [:]
    }

    /// The added tokens with the ids that `tokenizers` assigns: the model's, or new ones after the model's.
    ///
    /// - Throws: ``Problem`` if they contradict the model or each other.
    func addedVocabulary(
        _ model: some SubwordModel,
        normalizedBy steps: [NormalizationStep]
    ) throws -> AddedVocabulary {
        var vocabulary = AddedVocabulary()
        for token in addedTokens ?? [] where !token.content.isEmpty {
            let id = model.id(of: token.content) ?? model.pieces.count + vocabulary.newPieces.count
            guard id == token.id else {
                throw Problem("the added token '\(token.content)' has the id \(token.id), but must have \(id)")
            }
            guard vocabulary.ids.updateValue(id, forKey: token.content) == nil else {
                throw Problem("the added token '\(token.content)' occurs twice")
            }
            if id >= model.pieces.count { vocabulary.newPieces.append(token.content) }
            var pattern = NormalizedText(bytes: Array(token.content.utf8), originCount: 0)
            if token.normalized {
                for step in steps { step.apply(to: &pattern) }
            }
            let added = AddedTokens.Token(
                id: id,
                pattern: pattern.bytes,
                isWholeWord: token.singleWord,
                takesSpaceBefore: token.lstrip,
                takesSpaceAfter: token.rstrip
            )
            if token.normalized { vocabulary.normalized.append(added) } else { vocabulary.plain.append(added) }
        }
        let patterns = vocabulary.normalized.map(\.pattern)
        guard !patterns.contains([]), Set(patterns).count == patterns.count else {
            throw Problem("normalisation makes an added token empty, or two of them equal")
        }
        return vocabulary
    }
}
