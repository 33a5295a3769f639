public import CLIPCore
internal import CLIPTokenizers

/// The `text.tokenizer` part of a bundle's `model.json`.
struct TokenizerManifest: Decodable {
    enum Kind: String, Decodable {
        case clipBPE = "clip-bpe"
        case wordPiece = "wordpiece"
        case unigram
        case sentencePieceBPE = "sentencepiece-bpe"
    }

    let kind: Kind
    let vocabulary: String
    let lowercase: Bool?
    let stripAccents: Bool?
    let unknownToken: String?
    let startToken: String?
    let endToken: String?
    let paddingToken: String?
    let separatorToken: String?
    let stripSepToken: Bool?
    /// Whose way of preparing texts a byte-pair tokenizer has; open_clip's if it does not say.
    let convention: Convention?
    /// The special tokens that are found after normalisation instead of before.
    let normalizedTokens: [String]?
    /// Whether the vocabulary's scores are the reference's own; `nil` in bundles of release 0.1.
    let exactScores: Bool?

    /// The bundle's files that the tokenizer reads.
    var files: [String] { [vocabulary] }
}

extension ModelBundle {
    /// Loads the tokenizer alone.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if its vocabulary is missing, modified or unusable.
    public func tokenizer() throws -> any Tokenizer {
        try withFile(manifest.text.tokenizer.vocabulary) { try tokenizer(vocabulary: $0) }
    }

    private func tokenizer(vocabulary: String) throws -> any Tokenizer {
        let text = manifest.text
        switch text.tokenizer.kind {
        case .clipBPE:
            var tokenizer = try BytePairTokenizer(
                contentsOf: vocabulary,
                contextLength: text.contextLength,
                cleaning: text.cleaning
            )
            if text.tokenizer.convention == .transformers {
                tokenizer.followTransformers(
                    start: text.tokenizer.startToken ?? "<|startoftext|>",
                    end: text.tokenizer.endToken ?? "<|endoftext|>",
                    normalized: text.tokenizer.normalizedTokens ?? []
                )
                // Bundles of earlier releases name none, and their models take id 0.
                if let padding = text.tokenizer.paddingToken { try tokenizer.pad(with: padding) }
            }
            return tokenizer
        case .wordPiece:
            let bert = WordPieceTokenizer.SpecialTokens()
            return try WordPieceTokenizer(
                contentsOf: vocabulary,
                options: WordPieceTokenizer.Options(
                    contextLength: text.contextLength,
                    cleaning: text.cleaning,
                    lowercase: text.tokenizer.lowercase ?? true,
                    stripsAccents: text.tokenizer.stripAccents,
                    padsToContextLength: text.padding == .context,
                    dropsSeparator: text.tokenizer.stripSepToken ?? false,
                    specialTokens: .init(
                        start: text.tokenizer.startToken ?? bert.start,
                        separator: text.tokenizer.endToken ?? bert.separator,
                        unknown: text.tokenizer.unknownToken ?? bert.unknown,
                        padding: text.tokenizer.paddingToken ?? bert.padding
                    )
                )
            )
        case .unigram: return try UnigramTokenizer(contentsOf: vocabulary, options: text.tokenizerFileOptions)
        case .sentencePieceBPE:
            return try SentencePieceBPETokenizer(contentsOf: vocabulary, options: text.tokenizerFileOptions)
        }
    }
}

extension ModelManifest.Text {
    /// The options for a `tokenizer.json`.
    fileprivate var tokenizerFileOptions: TokenizerFileOptions {
        var options = TokenizerFileOptions(
            contextLength: contextLength,
            cleaning: cleaning,
            padsToContextLength: padding == .context,
            paddingToken: tokenizer.paddingToken,
            droppedSeparator: tokenizer.stripSepToken == true ? tokenizer.separatorToken : nil
        )
        options.hasExactScores = tokenizer.exactScores ?? false
        return options
    }
}
