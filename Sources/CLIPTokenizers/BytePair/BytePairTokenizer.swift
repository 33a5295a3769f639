public import CLIPCore

/// The tokenizer of CLIP: byte-pair encoding of lower-case words.
///
/// Gives the same ids as `SimpleTokenizer` of open_clip 3.3: start token, the words' tokens, end token; a text that is
/// too long is cut, and its last token becomes the end token. Short texts are filled up with id 0. Only characters that
/// Unicode assigned after version 14 may come out otherwise, as they do between releases of Python.
///
/// ```swift
/// let tokenizer = try BytePairTokenizer(contentsOf: "bpe_simple_vocab_16e6.txt")
/// try tokenizer.tokenize("a photo of a cat")  // [49406, 320, 1125, 539, 320, 2368, 49407]
/// ```
public struct BytePairTokenizer: InspectableTokenizer {
    /// Id 0, up to the context length.
    public let padding: TokenPadding

    private let vocabulary: BytePairVocabulary
    private var contextLength: Int
    private let cleaning: TextCleaning

    /// Reads the merges from a file, `bpe_simple_vocab_16e6.txt` unpacked.
    ///
    /// - Parameters:
    ///   - path: The file: a header line, then one merge a line, best first.
    ///   - contextLength: The number of tokens that the text encoder takes, start and end included; at least 2.
    ///   - cleaning: How texts are tidied up first.
    ///   - mergeCount: How many of the file's merges to use. The published file holds more than CLIP's vocabulary of
    ///     49,408 tokens, which the default makes.
    /// - Throws: `CLIPError` with code `notFound`, `unreadable` or, when the file is no list of merges or too short,
    ///   `invalidModel`.
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

    /// Takes the merges as the contents of a merges file.
    ///
    /// - Throws: `CLIPError` with code `invalidModel` when they are no list of merges or too few.
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
        precondition(contextLength >= 2, "the start and the end token need a context length of 2")
        self.vocabulary = vocabulary
        self.contextLength = contextLength
        self.cleaning = cleaning
        padding = TokenPadding(id: 0, length: .context(contextLength))
    }

    /// Token ids of one text: start token, at most `contextLength` - 2 tokens of words, end token.
    public func tokenize(_ text: String) -> [Int] {
        var cleaned = cleaning.clean(text)
        var ids = [vocabulary.startID]
        cleaned.withUTF8 { bytes in
            var splitter = WordSplitter(bytes)
            var encoder = BytePairEncoder(vocabulary)
            while ids.count < contextLength, let word = splitter.next() {
                switch word {
                case .start: ids.append(vocabulary.startID)
                case .end: ids.append(vocabulary.endID)
                case .bytes(let range): encoder.encode(bytes[range], into: &ids)
                }
            }
        }
        ids.removeSubrange(min(ids.count, contextLength - 1)...)
        ids.append(vocabulary.endID)
        return ids
    }

    /// The same tokenizer without a limit to the number of tokens.
    package var untruncated: Self {
        var copy = self
        copy.contextLength = .max
        return copy
    }

    /// The tokens as the merges file spells them: `cat</w>`, with one character for each byte.
    package func pieces(for ids: [Int]) -> [String] {
        ids.map { vocabulary.pieces[$0] }
    }
}
