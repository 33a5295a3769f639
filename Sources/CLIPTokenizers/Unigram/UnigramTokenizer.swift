public import CLIPCore

/// The tokenizer of SigLIP, T5 and XLM-RoBERTa: SentencePiece's Unigram model, read from a `tokenizer.json`.
///
/// Gives the same ids as Hugging Face's `tokenizers` 0.23: a text is split at its added tokens, normalised and divided
/// into words, and each word is split into the pieces with the highest sum of scores. The start and end tokens of the
/// file's template are added. A text that is too long is truncated before the end tokens. Only characters added to
/// Unicode after version 14 may give different ids, as they do between releases of the two languages' libraries.
///
/// Scores in a file are read as `tokenizers` reads them, which can change their last bit. Those of an exported bundle
/// are exact.
///
/// ```swift
/// let tokenizer = try UnigramTokenizer(
///     contentsOf: "tokenizer.json",
///     options: .init(contextLength: 64, cleaning: .canonicalize, padsToContextLength: true, paddingToken: "</s>")
/// )
/// try tokenizer.tokenize("a photo of a cat")
/// ```
public struct UnigramTokenizer: InspectableTokenizer {
    /// The padding token, and padding to the context length or to the longest text of a batch.
    public var padding: TokenPadding { pipeline.padding }

    private var pipeline: TokenizerPipeline<UnigramModel>

    /// Reads a tokenizer from a `tokenizer.json` file.
    ///
    /// - Parameters:
    ///   - path: The file, with a model of type Unigram.
    ///   - options: Tokenisation options that the file does not contain.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable`, or `invalidModel` if the file is damaged, has an
    ///   unsupported component, or lacks a token that the options name.
    public init(contentsOf path: String, options: TokenizerFileOptions) throws {
        try self.init(FileBytes.read(path), options: options, name: path)
    }

    /// Creates a tokenizer from the contents of a `tokenizer.json`.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`, as ``init(contentsOf:options:)`` does.
    package init(json: String, options: TokenizerFileOptions) throws {
        try self.init(Array(json.utf8), options: options, name: "the tokenizer")
    }

    private init(_ file: [UInt8], options: TokenizerFileOptions, name: String) throws {
        pipeline = try TokenizerPipeline(file, options, name: name) { file, _ in
            try file.unigramModel(hasExactScores: options.hasExactScores)
        }
    }

    /// The token ids of one text: the start tokens, as many pieces as fit, the end tokens.
    public func tokenize(_ text: String) -> [Int] {
        pipeline.tokenize(text)
    }

    /// The same tokenizer without a token limit.
    package var untruncated: Self {
        var copy = self
        copy.pipeline.capacity = .max
        return copy
    }

    /// The tokens as written in the vocabulary: `▁cat`, `s`.
    package func pieces(for ids: [Int]) -> [String] {
        pipeline.pieces(for: ids)
    }
}
