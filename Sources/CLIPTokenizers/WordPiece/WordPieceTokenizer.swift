public import CLIPCore

/// The tokenizer of BERT, which splits words into the longest pieces in the vocabulary.
///
/// Gives the same ids as Hugging Face's `BertTokenizer`: `[CLS]`, the words' pieces, `[SEP]`. A text that is too long
/// is truncated before `[SEP]`. Special tokens that are spelled out in the text are recognised.
///
/// ```swift
/// let tokenizer = try WordPieceTokenizer(contentsOf: "vocab.txt", options: .init(contextLength: 256))
/// try tokenizer.tokenize("a photo of a cat")  // [101, 1037, 6302, 1997, 1037, 4937, 102]
/// ```
public struct WordPieceTokenizer: InspectableTokenizer {
    /// The padding token, and padding to the context length or to the longest text of a batch.
    public let padding: TokenPadding

    private let vocabulary: WordPieceVocabulary
    private var options: Options
    private let startID: Int
    private let separatorID: Int
    private let unknownID: Int
    private let specialTokens: [(spelling: [Unicode.Scalar], id: Int)]

    /// Reads the vocabulary from a `vocab.txt` file.
    ///
    /// - Parameters:
    ///   - path: The file: one token per line; tokens that continue a word begin with `##`.
    ///   - options: Tokenisation options.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable`, or `invalidModel` if the file lacks a special token or
    ///   contains a token twice.
    public init(contentsOf path: String, options: Options) throws {
        try self.init(WordPieceVocabulary(FileBytes.read(path), name: path), options: options, name: path)
    }

    /// Creates a tokenizer from the contents of a vocabulary file.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if the vocabulary lacks a special token or contains a token
    ///   twice.
    package init(vocabulary: String, options: Options) throws {
        let name = "the vocabulary"
        try self.init(WordPieceVocabulary(Array(vocabulary.utf8), name: name), options: options, name: name)
    }

    private init(_ vocabulary: WordPieceVocabulary, options: Options, name: String) throws {
        precondition(options.contextLength >= 2, "the context length must be at least 2 for [CLS] and [SEP]")
        func id(_ token: String) throws -> Int {
            if let id = vocabulary.id(of: token) { return id }
            throw CLIPError(
                .invalidModel,
                "\(name) has no token '\(token)'. Use the vocabulary that belongs to the model, or set the names of its "
                    + "special tokens in the options."
            )
        }
        let tokens = options.specialTokens
        startID = try id(tokens.start)
        separatorID = try id(tokens.separator)
        unknownID = try id(tokens.unknown)
        let paddingID = try id(tokens.padding)
        let names = [tokens.start, tokens.separator, tokens.unknown, tokens.padding, tokens.mask]
        specialTokens = names.filter { !$0.isEmpty }.compactMap { name in
            vocabulary.id(of: name).map { (Array(name.unicodeScalars), $0) }
        }
        padding = TokenPadding(
            id: paddingID,
            length: options.padsToContextLength ? .context(options.contextLength) : .longest
        )
        self.vocabulary = vocabulary
        self.options = options
    }

    /// The token ids of one text: `[CLS]`, at most `contextLength` - 2 tokens of words, `[SEP]`.
    public func tokenize(_ text: String) -> [Int] {
        let text = Array(options.cleaning.clean(text).unicodeScalars)
        var ids = [startID]
        var start = 0
        var index = 0
        while index < text.count, ids.count < options.contextLength {
            guard let token = specialToken(in: text, at: index) else {
                index += 1
                continue
            }
            append(text[start..<index], to: &ids)
            ids.append(token.id)
            index += token.spelling.count
            start = index
        }
        append(text[start...], to: &ids)
        ids.removeSubrange(min(ids.count, options.contextLength - 1)...)
        ids.append(separatorID)
        return options.dropsSeparator ? ids.map { $0 == separatorID ? 0 : $0 } : ids
    }

    /// The same tokenizer without a token limit.
    package var untruncated: Self {
        var copy = self
        copy.options.contextLength = .max
        return copy
    }

    /// The tokens as written in the vocabulary: `cat`, `##s`.
    package func pieces(for ids: [Int]) -> [String] {
        ids.map { vocabulary.pieces[$0] }
    }

    private func specialToken(in text: [Unicode.Scalar], at index: Int) -> (spelling: [Unicode.Scalar], id: Int)? {
        let found = specialTokens.filter { text[index...].starts(with: $0.spelling) }
        return found.max { $0.spelling.count < $1.spelling.count }
    }

    /// Appends the ids of the words of a text without special tokens, as far as they may be needed.
    private func append(_ text: ArraySlice<Unicode.Scalar>, to ids: inout [Int]) {
        let normalized = BertText.normalize(text, lowercase: options.lowercase, stripAccents: options.stripsAccents)
        for word in BertText.words(of: normalized) {
            guard ids.count < options.contextLength else { return }
            let isTooLong = word.count > options.longestWord
            if isTooLong || !vocabulary.appendPieces(of: word, to: &ids) { ids.append(unknownID) }
        }
    }
}
