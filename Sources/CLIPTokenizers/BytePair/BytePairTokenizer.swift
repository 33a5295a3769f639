public import CLIPCore

/// The tokenizer of CLIP: byte-pair encoding of lower-case words.
///
/// Gives the same ids as `SimpleTokenizer` of open_clip 3.3: start token, the words' tokens, end token. A text that is
/// too long is truncated, and its last token becomes the end token. Short texts are padded with id 0. Only characters
/// added to Unicode after version 14 may give different ids, as they do between Python releases. In bundles of models
/// that come from transformers, it gives the ids of `CLIPTokenizer`, and pads with the token that the bundle names.
///
/// ```swift
/// let tokenizer = try BytePairTokenizer(contentsOf: "bpe_simple_vocab_16e6.txt")
/// try tokenizer.tokenize("a photo of a cat")  // [49406, 320, 1125, 539, 320, 2368, 49407]
/// ```
public struct BytePairTokenizer: InspectableTokenizer {
    /// Id 0, or that of the token that a bundle names, up to the context length.
    public private(set) var padding: TokenPadding

    private var vocabulary: BytePairVocabulary
    private var contextLength: Int
    private let cleaning: TextCleaning
    private var preparation: TransformersPreparation?

    /// Reads the merges from a file: `bpe_simple_vocab_16e6.txt`, uncompressed.
    ///
    /// - Parameters:
    ///   - path: The file: a header line, then one merge per line, best first.
    ///   - contextLength: The number of tokens that the text encoder takes, including start and end; at least 2.
    ///   - cleaning: How texts are cleaned first.
    ///   - mergeCount: How many of the file's merges to use. The published file has more than CLIP uses; the default
    ///     gives CLIP's vocabulary of 49,408 tokens.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable`, or `invalidModel` if the file is not a list of merges
    ///   or is too short.
    public init(
        contentsOf path: String,
        contextLength: Int = 77,
        cleaning: TextCleaning = .lower,
        mergeCount: Int = 48_894
    ) throws {
        self.init(
            try BytePairVocabulary(merges: FileBytes.read(path), count: mergeCount, name: path),
            contextLength: contextLength,
            cleaning: cleaning
        )
    }

    /// Creates a tokenizer from the contents of a merges file.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` if they are not a list of merges or too few.
    package init(
        merges: String,
        contextLength: Int = 77,
        cleaning: TextCleaning = .lower,
        mergeCount: Int = 48_894
    ) throws {
        self.init(
            try BytePairVocabulary(merges: Array(merges.utf8), count: mergeCount, name: "the list of merges"),
            contextLength: contextLength,
            cleaning: cleaning
        )
    }

    private init(_ vocabulary: BytePairVocabulary, contextLength: Int, cleaning: TextCleaning) {
        precondition(contextLength >= 2, "the context length must be at least 2 for the start and end tokens")
        self.vocabulary = vocabulary
        self.contextLength = contextLength
        self.cleaning = cleaning
        padding = TokenPadding(id: 0, length: .context(contextLength))
    }

    /// The token ids of one text: start token, at most `contextLength` - 2 tokens of words, end token.
    public func tokenize(_ text: String) -> [Int] {
        let cleaned = Array(cleaning.clean(text).utf8)
        var ids = [vocabulary.startID]
        var encoder = BytePairEncoder(vocabulary)
        if let preparation {
            preparation.forEachPart(of: cleaned) { part in
                switch part {
                case .token(let id): ids.append(id)
                case .text(let text): append(text, .transformers, with: &encoder, into: &ids)
                }
                return ids.count < contextLength
            }
        } else {
            append(cleaned, .openCLIP, with: &encoder, into: &ids)
        }
        ids.removeSubrange(min(ids.count, contextLength - 1)...)
        ids.append(vocabulary.endID)
        return ids
    }

    /// Prepares texts as `CLIPTokenizer` of transformers 5 does from now on: it repairs nothing, and its special tokens
    /// have other names.
    ///
    /// - Parameters:
    ///   - start: The start token.
    ///   - end: The end token.
    ///   - normalized: Those of them that are found in the lower-cased text instead of the text itself.
    package mutating func followTransformers(start: String, end: String, normalized: [String]) {
        vocabulary.rename(start: start, end: end)
        preparation = TransformersPreparation(
            tokens: [(start, vocabulary.startID), (end, vocabulary.endID)],
            normalizedNames: normalized
        )
    }

    /// Pads short texts with a token from now on.
    ///
    /// - Parameter token: A token of the vocabulary, or the start or end token by the name that it has now.
    /// - Throws: `CLIPError` with code `invalidModel` if there is no such token.
    package mutating func pad(with token: String) throws {
        guard let id = vocabulary.id(of: token) else {
            throw CLIPError(
                .invalidModel,
                "The tokenizer has no token '\(token)' to pad texts with. Export the model again."
            )
        }
        padding = TokenPadding(id: id, length: .context(contextLength))
    }

    /// Appends the ids of a text's words, as far as they may be needed.
    private func append(
        _ text: [UInt8],
        _ convention: Convention,
        with encoder: inout BytePairEncoder,
        into ids: inout [Int]
    ) {
        text.withUnsafeBufferPointer { bytes in
            var splitter = WordSplitter(bytes, convention)
            while ids.count < contextLength, let word = splitter.next() {
                switch word {
                case .start: ids.append(vocabulary.startID)
                case .end: ids.append(vocabulary.endID)
                case .bytes(let range): encoder.encode(bytes[range], into: &ids)
                }
            }
        }
    }

    /// The same tokenizer without a token limit.
    package var untruncated: Self {
        var copy = self
        copy.contextLength = .max
        return copy
    }

    /// The tokens as written in the merges file: `cat</w>`, with one character per byte.
    package func pieces(for ids: [Int]) -> [String] {
        ids.map { vocabulary.pieces[$0] }
    }
}
