extension WordPieceTokenizer {
    /// Tokenisation options, as in the `tokenizer_config.json` of a Hugging Face model.
    public struct Options: Sendable, Hashable {
        package var contextLength: Int
        package var cleaning: TextCleaning
        package var lowercase: Bool
        package var stripsAccents: Bool
        package var padsToContextLength: Bool
        package var dropsSeparator: Bool
        package var longestWord: Int
        package var specialTokens: SpecialTokens

        /// Creates options; the defaults are BERT's.
        ///
        /// - Parameters:
        ///   - contextLength: The number of tokens that the text encoder takes, including `[CLS]` and `[SEP]`; at least
        ///     2.
        ///   - cleaning: How texts are cleaned first; open_clip uses ``TextCleaning/whitespace`` for these tokenizers.
        ///   - lowercase: Whether words are lower-cased (`do_lower_case`).
        ///   - stripsAccents: Whether accents are removed (`strip_accents`); by default if words are lower-cased.
        ///   - padsToContextLength: Whether each batch is padded to the context length, as in open_clip, or only to its
        ///     longest text.
        ///   - dropsSeparator: Whether each `[SEP]` is replaced with 0 (open_clip's `strip_sep_token`, CLIPA).
        ///   - longestWord: The maximum length of a word in characters; longer words become the unknown token.
        ///   - specialTokens: The names of the special tokens.
        public init(
            contextLength: Int,
            cleaning: TextCleaning = .none,
            lowercase: Bool = true,
            stripsAccents: Bool? = nil,
            padsToContextLength: Bool = false,
            dropsSeparator: Bool = false,
            longestWord: Int = 100,
            specialTokens: SpecialTokens = SpecialTokens()
        ) {
            self.contextLength = contextLength
            self.cleaning = cleaning
            self.lowercase = lowercase
            self.stripsAccents = stripsAccents ?? lowercase
            self.padsToContextLength = padsToContextLength
            self.dropsSeparator = dropsSeparator
            self.longestWord = longestWord
            self.specialTokens = specialTokens
        }
    }

    /// The names of a vocabulary's special tokens.
    public struct SpecialTokens: Sendable, Hashable {
        package var start: String
        package var separator: String
        package var unknown: String
        package var padding: String
        package var mask: String

        /// Creates names; the defaults are BERT's.
        ///
        /// - Parameters:
        ///   - start: Begins each text.
        ///   - separator: Ends each text.
        ///   - unknown: Replaces a word that cannot be composed of pieces.
        ///   - padding: Pads short texts.
        ///   - mask: Replaces a hidden word; optional in a vocabulary.
        public init(
            start: String = "[CLS]",
            separator: String = "[SEP]",
            unknown: String = "[UNK]",
            padding: String = "[PAD]",
            mask: String = "[MASK]"
        ) {
            self.start = start
            self.separator = separator
            self.unknown = unknown
            self.padding = padding
            self.mask = mask
        }
    }
}
