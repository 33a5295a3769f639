public import CLIPCore

/// The tokenizer of SigLIP 2 and Gemma: SentencePiece's byte-pair encoding over characters, from a `tokenizer.json`.
///
/// Gives the same ids as Hugging Face's `tokenizers` 0.23: a text is divided at its added tokens and normalised, and of
/// its characters, pairs are merged in the order of the file's merges; characters that the vocabulary lacks are spelled
/// in bytes. Then come the start and end tokens of the file's template. A text that is too long is cut before the end
/// tokens. Byte-pair encoding over bytes (GPT-2, RoBERTa) is another kind and refused.
///
/// ```swift
/// let tokenizer = try SentencePieceBPETokenizer(
///     contentsOf: "tokenizer.json",
///     .init(contextLength: 64, cleaning: .canonicalize, padsToContextLength: true, paddingToken: "<pad>")
/// )
/// try tokenizer.tokenize("a photo of a cat")
/// ```
public struct SentencePieceBPETokenizer: InspectableTokenizer {
    /// The padding token, up to the context length or to the longest text of a batch.
    public var padding: TokenPadding { pipeline.padding }

    private var pipeline: TokenizerPipeline<SentencePieceBPEModel>

    /// Reads a tokenizer from a file, `tokenizer.json`.
    ///
    /// - Parameters:
    ///   - path: The file, with a model of type BPE.
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
        pipeline = try TokenizerPipeline(file, options, name: name) { file, bytes in
            try file.sentencePieceBPEModel(bytes)
        }
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
