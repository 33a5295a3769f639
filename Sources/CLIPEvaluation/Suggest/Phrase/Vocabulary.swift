public import CLIPCore

/// Phrases to describe images with, such as the nouns of a dictionary.
///
/// ```swift
/// let vocabulary = try Vocabulary(contentsOf: "words.txt")
/// let embedded = try await vocabulary.embedded(by: bundle.textEmbedder())
/// ```
public struct Vocabulary: Sendable {
    /// The phrases, without repetitions.
    public let phrases: [String]

    /// The number of phrases that are embedded at a time.
    ///
    /// The embedder of a model bundle caches the vectors of so many texts in a file of their own.
    private static let phrasesAtATime = 4096
    private static let maximumBytesOfPhrase = 1000

    /// Creates a vocabulary; repeated phrases count once, also those that differ only in how Unicode composes characters.
    ///
    /// - Precondition: There is at least one phrase.
    public init(_ phrases: some Sequence<String>) {
        var seen = Set<String>()
        self.phrases = phrases.filter { seen.insert($0).inserted }
        precondition(!self.phrases.isEmpty, "there must be a phrase")
    }

    /// Reads a text file with one phrase per line, in UTF-8.
    ///
    /// Blank lines and white space around phrases are ignored.
    ///
    /// - Throws: `CLIPError` with code `notFound` or `unreadable`, or `unsupportedFormat` if the file is not UTF-8, has
    ///   no phrase, or has a line of more than 1000 bytes.
    public init(contentsOf path: String) throws {
        let bytes = try FileBytes.read(path, allowsStreams: true)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CLIPError(.unsupportedFormat, "\(path) is not valid UTF-8. Save the vocabulary as UTF-8.")
        }
        let start = text.unicodeScalars.first == "\u{FEFF}" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
        var phrases = [String]()
        for (number, line) in start.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.utf8Count <= Self.maximumBytesOfPhrase else {
                throw CLIPError(
                    .unsupportedFormat,
                    "\(path): line \(number + 1) has more than \(Self.maximumBytesOfPhrase) bytes. A vocabulary has one "
                        + "phrase per line."
                )
            }
            let phrase = line.trimmed
            if !phrase.isEmpty { phrases.append(phrase) }
        }
        guard !phrases.isEmpty else {
            throw CLIPError(.unsupportedFormat, "\(path) has no phrases. A vocabulary has one phrase per line.")
        }
        self.init(phrases)
    }

    /// Embeds the phrases as they are, without templates.
    ///
    /// The embedder of a model bundle caches the vectors, so that a vocabulary is embedded once per model.
    ///
    /// - Parameters:
    ///   - embedder: Embeds the phrases.
    ///   - onProgress: Called with the number of phrases embedded so far.
    /// - Returns: The phrases with their vectors.
    /// - Throws: What the embedder throws; `CLIPError` with code `invalidEmbeddings` if a vector is zero or not finite.
    public func embedded(
        by embedder: some TextEmbedding,
        onProgress: (_ done: Int) -> Void = { _ in }
    ) async throws -> EmbeddedVocabulary {
        var vectors = EmbeddingMatrix(dimension: embedder.model.embeddingDimension, capacity: phrases.count)
        for start in stride(from: 0, to: phrases.count, by: Self.phrasesAtATime) {
            let end = min(start + Self.phrasesAtATime, phrases.count)
            vectors.append(contentsOf: try await embedder.embed(Array(phrases[start..<end])))
            onProgress(end)
        }
        return try EmbeddedVocabulary(phrases: phrases, vectors: vectors, model: embedder.model)
    }
}

/// The phrases of a vocabulary with their vectors.
public struct EmbeddedVocabulary: Sendable {
    /// The phrases.
    public let phrases: [String]
    /// One unit vector per phrase.
    package let vectors: EmbeddingMatrix
    /// The model that embedded the phrases.
    package let model: ModelDescription

    /// Creates a vocabulary from known vectors.
    ///
    /// - Parameters:
    ///   - phrases: The phrases, without repetitions.
    ///   - vectors: One vector per phrase, of the model's dimension.
    ///   - model: The model of the vectors.
    /// - Throws: `CLIPError` with code `invalidEmbeddings` if a vector is zero or not finite.
    /// - Precondition: There is at least one phrase, and one vector per phrase.
    public init(phrases: [String], vectors: EmbeddingMatrix, model: ModelDescription) throws {
        precondition(!phrases.isEmpty && phrases.count == vectors.count, "every phrase has a vector")
        self.phrases = phrases
        self.vectors = try vectors.firstRowNotOfUnitLength() == nil ? vectors : vectors.normalized()
        self.model = model
    }
}

extension Substring.UnicodeScalarView {
    fileprivate var utf8Count: Int { reduce(0) { $0 + UTF8.width($1) } }

    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
