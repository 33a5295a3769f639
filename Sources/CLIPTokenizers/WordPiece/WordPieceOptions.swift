extension WordPieceTokenizer {
    /// How a model's texts are tokenized, as `tokenizer_config.json` of a Hugging Face model says it.
    public struct Options: Sendable, Hashable {
        /// The number of tokens that the text encoder takes, `[CLS]` and `[SEP]` included; at least 2.
        public var contextLength: Int
        /// How texts are tidied up first; open_clip does ``TextCleaning/whitespace`` for these tokenizers.
        public var cleaning: TextCleaning
        /// Whether words are brought to lower case (`do_lower_case`).
        public var lowercase: Bool
        /// Whether accents are removed (`strip_accents`).
        public var stripsAccents: Bool
        /// Whether each batch is filled up to the context length, as open_clip does, or only to its longest text.
        public var padsToContextLength: Bool
        /// Whether 0 stands in the place of each `[SEP]` (open_clip's `strip_sep_token`, CLIPA).
        public var dropsSeparator: Bool
        /// A word with more characters than this becomes the unknown token.
        public var longestWord: Int
        /// The special tokens' names.
        public var specialTokens: SpecialTokens

        /// Creates options; those left out are BERT's.
        ///
        /// Without a value for `stripsAccents`, accents are removed where words are brought to lower case.
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
        /// Begins each text.
        public var start: String
        /// Ends each text.
        public var separator: String
        /// Stands for a word that cannot be put together from pieces.
        public var unknown: String
        /// Fills up short texts.
        public var padding: String
        /// Stands for a hidden word; a vocabulary need not have it.
        public var mask: String

        /// Creates names; those left out are BERT's.
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
