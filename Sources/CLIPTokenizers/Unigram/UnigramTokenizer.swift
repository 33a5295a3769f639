public import CLIPCore

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
public struct UnigramTokenizer: InspectableTokenizer {
    /// The padding token, up to the context length or to the longest text of a batch.
    public var padding: TokenPadding { pipeline.padding }

    private var pipeline: TokenizerPipeline<UnigramModel>

    /// Reads a tokenizer from a file, `tokenizer.json`.
    ///
    /// - Parameters:
    ///   - path: The file, with a model of type Unigram.
    ///   - options: How the model's texts are tokenized beyond what the file says.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or, when the file is damaged, has a component that is
    ///   not supported, or lacks a token that the options name, `invalidModel`.
    public init(contentsOf path: String, _ options: TokenizerFileOptions) throws {
        try self.init(FileBytes.read(path), options, name: path)
    }

    /// Takes the tokenizer as the contents of a `tokenizer.json`.
    ///
    /// - Throws: `CLIPError` with code `invalidModel`, as ``init(contentsOf:_:)``.
    package init(json: String, _ options: TokenizerFileOptions) throws {
        try self.init(Array(json.utf8), options, name: "the tokenizer")
    }

    private init(_ file: [UInt8], _ options: TokenizerFileOptions, name: String) throws {
        pipeline = try TokenizerPipeline(file, options, name: name) { file, _ in try file.unigramModel() }
    }

    /// Token ids of one text: the start tokens, as many pieces as there is room for, the end tokens.
    public func tokenize(_ text: String) -> [Int] {
        pipeline.tokenize(text)
    }

    /// The same tokenizer without a limit to the number of tokens.
    package var untruncated: Self {
        var copy = self
        copy.pipeline.capacity = .max
        return copy
    }

    /// The tokens as the vocabulary spells them: `▁cat`, `s`.
    package func pieces(for ids: [Int]) -> [String] {
        pipeline.pieces(for: ids)
    }
}
