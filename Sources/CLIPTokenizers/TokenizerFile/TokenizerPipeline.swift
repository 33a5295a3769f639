internal import CLIPCore

/// A model that splits words into pieces of its vocabulary.
protocol SubwordModel: Sendable {
    associatedtype Encoder: SubwordEncoder

    /// The pieces; a piece's id is its index.
    var pieces: [String] { get }

    /// The id of a piece; `nil` if the model lacks it.
    func id(of piece: String) -> Int?

    func makeEncoder() -> Encoder
}

/// Splits words into pieces, reusing its working memory.
protocol SubwordEncoder {
    /// Appends the ids of a word's pieces.
    mutating func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int])
}

/// The common steps of all `tokenizer.json` tokenizers: a text is split at its added tokens, normalised and divided
/// into words; the model splits each word, and the template's tokens are added.
struct TokenizerPipeline<Model: SubwordModel>: Sendable {
    let padding: TokenPadding

    private let model: Model
    private let addedTokens: AddedTokens
    private let normalizedTokens: AddedTokens
    private let steps: [NormalizationStep]
    private let division: WordDivision
    private let template: (start: [Int], end: [Int])
    private let pieces: [String]
    private let cleaning: TextCleaning
    /// The maximum number of tokens for the text itself.
    var capacity: Int
    private let droppedID: Int?

    /// Reads a file; `makeModel` creates its model from the decoded file and its bytes.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` that names the file.
    init(
        _ bytes: [UInt8],
        _ options: TokenizerFileOptions,
        name: String,
        makeModel: (TokenizerFile, [UInt8]) throws -> Model
    ) throws {
        do {
            let file = try TokenizerFile.decode(bytes)
            try self.init(file, options) { try makeModel(file, bytes) }
        } catch let problem as TokenizerFile.Problem {
            throw CLIPError(.invalidModel, "Cannot use \(name): \(problem.text).")
        }
    }

    private init(_ file: TokenizerFile, _ options: TokenizerFileOptions, makeModel: () throws -> Model) throws {
        try file.checkSides()
        let steps = try file.normalizationSteps()
        let division = try file.wordDivision()
        let template = try file.template()
        let model = try makeModel()
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
                "a context length of \(options.contextLength) leaves no room beside the start and end tokens"
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

    func tokenize(_ text: String) -> [Int] {
        let text = Array(cleaning.clean(text).utf8)
        var ids: [Int] = []
        var encoder = model.makeEncoder()
        for part in addedTokens.parts(of: text) where ids.count < capacity {
            switch part {
            case .token(let id): ids.append(id)
            case .text(let range): encode(text, range, with: &encoder, into: &ids)
            }
        }
        ids = template.start + ids.prefix(capacity) + template.end
        return droppedID.map { dropped in ids.map { $0 == dropped ? 0 : $0 } } ?? ids
    }

    func pieces(for ids: [Int]) -> [String] {
        ids.map { pieces[$0] }
    }

    /// Appends the ids of a section of a text without added tokens, as far as they may be needed.
    private func encode(
        _ text: [UInt8],
        _ range: Range<Int>,
        with encoder: inout Model.Encoder,
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
