/// How a model's texts are tokenized beyond what its `tokenizer.json` says.
public struct TokenizerFileOptions: Sendable, Hashable {
    package var contextLength: Int
    package var cleaning: TextCleaning
    package var padsToContextLength: Bool
    package var paddingToken: String?
    package var droppedSeparator: String?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - contextLength: The number of tokens that the text encoder takes, start and end tokens included.
    ///   - cleaning: How texts are tidied up first; open_clip does ``TextCleaning/whitespace`` for these tokenizers, and
    ///     ``TextCleaning/canonicalize`` for SigLIP's.
    ///   - padsToContextLength: Whether each batch is filled up to the context length, as open_clip does, or only to its
    ///     longest text.
    ///   - paddingToken: The token that fills up short texts (`pad_token`): `</s>` for SigLIP. Without one, it is the token
    ///     that the file's padding names, or else `<pad>`.
    ///   - droppedSeparator: A token in whose place 0 stands, in the padding as well (`sep_token`, with open_clip's
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
