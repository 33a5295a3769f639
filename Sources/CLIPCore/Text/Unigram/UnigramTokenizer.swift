/// The tokenizer of SigLIP, T5 and XLM-RoBERTa: SentencePiece's Unigram model, read from a `tokenizer.json`.
///
/// Gives the same ids as Hugging Face's `tokenizers` 0.23: a text is divided at its added tokens, normalised, divided
/// into words, and each word into the pieces with the highest sum of scores; then come the start and end tokens of the
/// file's template. A text that is too long is cut before the end tokens. Only characters that Unicode assigned after
/// version 14 may come out otherwise, as they do between releases of the two languages' libraries.
///
/// ```swift
/// let tokenizer = try UnigramTokenizer(
///     contentsOf: "tokenizer.json",
///     .init(contextLength: 64, cleaning: .canonicalize, padsToContextLength: true, paddingToken: "</s>")
/// )
/// try tokenizer.tokenize("a photo of a cat")
/// ```
public struct UnigramTokenizer: Tokenizer {
    /// The padding token, up to the context length or to the longest text of a batch.
    public let padding: TokenPadding

    private let model: UnigramModel
    private let addedTokens: AddedTokens
    private let normalizedTokens: AddedTokens
    private let steps: [NormalizationStep]
    private let division: WordDivision
    private let template: (start: [Int], end: [Int])
    private let pieces: [String]
    private let cleaning: TextCleaning
    /// The number of tokens that the text itself may have.
    private let capacity: Int
    private let droppedID: Int?

    /// Reads a tokenizer from a file, `tokenizer.json`.
    ///
    /// - Parameters:
    ///   - path: The file, with a model of type Unigram.
    ///   - options: How the model's texts are tokenized beyond what the file says.
    /// - Throws: ``CLIPError`` with code `notFound`, `unreadable` or, when the file is damaged, has a component that is
    ///   not supported, or lacks a token that the options name, `invalidModel`.
    public init(contentsOf path: String, _ options: Options) throws {
        try self.init(FileBytes.read(path), options, name: path)
    }

    /// Takes the tokenizer as the contents of a `tokenizer.json`.
    ///
    /// - Throws: ``CLIPError`` with code `invalidModel`, as ``init(contentsOf:_:)``.
    public init(json: String, _ options: Options) throws {
        try self.init(Array(json.utf8), options, name: "the tokenizer")
    }

    private init(_ file: [UInt8], _ options: Options, name: String) throws {
        do {
            try self.init(TokenizerFile.decode(file), options)
        } catch let problem as TokenizerFile.Problem {
            throw CLIPError(.invalidModel, "Cannot use \(name): \(problem.text).")
        }
    }

    private init(_ file: TokenizerFile, _ options: Options) throws {
        try file.checkSides()
        let steps = try file.normalizationSteps()
        let division = try file.wordDivision()
        let template = try file.template()
        let model = try file.unigramModel()
        let added = try file.addedVocabulary(model, normalizedBy: steps)
        if division.metaspace?.prefix == .first, steps.contains(where: \.isForm) {
            throw TokenizerFile.Problem(
                "the prepend_scheme 'first' after a normalizer NFC, NFD, NFKC or NFKD is not supported"
            )
        }
        func id(_ token: String) throws -> Int {
            if let id = added.ids[token] ?? model.id(of: token) { return id }
            throw TokenizerFile.Problem("it has no token '\(token)', which the options name")
        }
        let paddingID = try id(options.paddingToken ?? file.padding?.padToken ?? "<pad>")
        let droppedID = try options.droppedSeparator.map(id)
        let capacity = options.contextLength - template.start.count - template.end.count
        guard capacity > 0 else {
            throw TokenizerFile.Problem(
                "a context length of \(options.contextLength) leaves no place beside the start and end tokens"
            )
        }
        padding = TokenPadding(
            id: paddingID == droppedID ? 0 : paddingID,
            length: options.padsToContextLength ? .context(options.contextLength) : .longest
        )
        let pieces = model.pieces + added.newPieces
        guard (template.start + template.end).allSatisfy(pieces.indices.contains) else {
            throw TokenizerFile.Problem("the post-processor adds an id that is not in the vocabulary")
        }
        self.pieces = pieces
        addedTokens = AddedTokens(added.plain)
        normalizedTokens = AddedTokens(added.normalized)
        cleaning = options.cleaning
        self.model = model
        self.steps = steps
        self.division = division
        self.template = template
        self.capacity = capacity
        self.droppedID = droppedID
    }

    /// Token ids of one text: the start tokens, as many pieces as there is room for, the end tokens.
    public func tokenize(_ text: String) -> [Int] {
        let text = Array(cleaning.clean(text).utf8)
        var ids: [Int] = []
        var encoder = UnigramEncoder(model)
        for part in addedTokens.parts(of: text) where ids.count < capacity {
            switch part {
            case .token(let id): ids.append(id)
            case .text(let range): encode(text, range, with: &encoder, into: &ids)
            }
        }
        ids = template.start + ids.prefix(capacity) + template.end
        return droppedID.map { dropped in ids.map { $0 == dropped ? 0 : $0 } } ?? ids
    }

    /// The tokens as the vocabulary spells them: `▁cat`, `s`.
    public func pieces(for ids: [Int]) -> [String] {
        ids.map { pieces[$0] }
    }

    /// Appends the ids of a part of a text without added tokens, as far as they can be needed.
    private func encode(
        _ text: [UInt8],
        _ range: Range<Int>,
        with encoder: inout UnigramEncoder,
        into ids: inout [Int]
    ) {
        let tracksOrigin = division.metaspace?.prefix == .first && range.lowerBound == 0
        var part = NormalizedText(
            bytes: range == text.indices ? text : Array(text[range]),
            originCount: tracksOrigin ? UTF8Text.length(startingWith: text[0]) : 0
        )
        for step in steps { step.apply(to: &part) }
        for piece in normalizedTokens.parts(of: part.bytes) {
            switch piece {
            case .token(let id): ids.append(id)
            case .text(let range):
                division.forEachWord(of: range == part.bytes.indices ? part : part[range]) { word in
                    if ids.count < capacity { encoder.encode(word, into: &ids) }
                }
            }
        }
    }
}
