extension WordPieceTokenizer {
    /// How a model's texts are tokenized, as `tokenizer_config.json` of a Hugging Face model says it.
    public struct Options: Sendable, Hashable {
        package var contextLength: Int
        package var cleaning: TextCleaning
        package var lowercase: Bool
        package var stripsAccents: Bool
        package var padsToContextLength: Bool
        package var dropsSeparator: Bool
        package var longestWord: Int
        package var specialTokens: SpecialTokens

        /// Creates options; those left out are BERT's.
        ///
        /// - Parameters:
        ///   - contextLength: The number of tokens that the text encoder takes, `[CLS]` and `[SEP]` included; at least 2.
        ///   - cleaning: How texts are tidied up first; open_clip does ``TextCleaning/whitespace`` for these tokenizers.
        ///   - lowercase: Whether words are brought to lower case (`do_lower_case`).
        ///   - stripsAccents: Whether accents are removed (`strip_accents`); by default where words are brought to lower
        ///     case.
        ///   - padsToContextLength: Whether each batch is filled up to the context length, as open_clip does, or only to its
        ///     longest text.
        ///   - dropsSeparator: Whether 0 stands in the place of each `[SEP]` (open_clip's `strip_sep_token`, CLIPA).
        ///   - longestWord: A word with more characters than this becomes the unknown token.
        ///   - specialTokens: The special tokens' names.
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

        /// Creates names; those left out are BERT's.
        ///
        /// - Parameters:
        ///   - start: Begins each text.
        ///   - separator: Ends each text.
        ///   - unknown: Stands for a word that cannot be put together from pieces.
        ///   - padding: Fills up short texts.
        ///   - mask: Stands for a hidden word; a vocabulary need not have it.
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
