/// Tokenisation options that a `tokenizer.json` does not contain.
public struct TokenizerFileOptions: Sendable, Hashable {
    package var contextLength: Int
    package var cleaning: TextCleaning
    package var padsToContextLength: Bool
    package var paddingToken: String?
    package var droppedSeparator: String?
    /// Whether the scores of a Unigram model in the file are the reference's own. Otherwise they are changed as
    /// `tokenizers` changes them when it reads a file.
    package var hasExactScores = false

    /// Creates options.
    ///
    /// - Parameters:
    ///   - contextLength: The number of tokens that the text encoder takes, including start and end tokens.
    ///   - cleaning: How texts are cleaned first; open_clip uses ``TextCleaning/whitespace`` for these tokenizers, and
    ///     ``TextCleaning/canonicalize`` for SigLIP's.
    ///   - padsToContextLength: Whether each batch is padded to the context length, as in open_clip, or only to its
    ///     longest text.
    ///   - paddingToken: The token that pads short texts (`pad_token`): `</s>` for SigLIP. By default the token that
    ///     the file's padding names, or else `<pad>`.
    ///   - droppedSeparator: A token that is replaced with 0, also in the padding (`sep_token`, with open_clip's
    ///     `strip_sep_token`).
    public init(
        contextLength: Int,
        cleaning: TextCleaning = .none,
        padsToContextLength: Bool = false,
        paddingToken: String? = nil,
        droppedSeparator: String? = nil
    ) {
        self.contextLength = contextLength
        self.cleaning = cleaning
        self.padsToContextLength = padsToContextLength
        self.paddingToken = paddingToken
        self.droppedSeparator = droppedSeparator
    }
}
