/// Unit vectors of sentences, each embedded once.
struct SentenceVectors: Sendable {
    // Compare by bytes: a tokenizer may distinguish texts that Unicode considers equivalent.
    private let rows: [[UInt8]: Int]
    private let embeddings: EmbeddingMatrix?

    /// The length of each vector, or `nil` if there are no sentences.
    var dimension: Int? { embeddings?.dimension }

    /// Embeds sentences.
    ///
    /// - Parameters:
    ///   - sentences: Any number of sentences; repeated ones are embedded once.
    ///   - embed: Returns one non-zero vector per text, in order. Not called if there are no sentences.
    /// - Throws: What `embed` throws; ``CLIPError`` with code `invalidEmbeddings` if a vector is zero or not finite.
    init(
        _ sentences: some Sequence<String>,
        embed: (_ texts: [String]) async throws -> EmbeddingMatrix
    ) async throws {
        let unique = Self.unique(sentences)
        try self.init(unique, unique.isEmpty ? nil : await embed(unique))
    }

    /// Looks up the vectors of sentences.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` if a sentence has no vector, the vectors differ in
    ///   dimension, or a vector is zero or not finite.
    init(_ sentences: some Sequence<String>, in vectors: [String: [Float]]) throws {
        let unique = Self.unique(sentences)
        let rows = try unique.map { sentence in
            guard let vector = vectors[sentence] else {
                throw CLIPError(.invalidEmbeddings, "There is no vector for \"\(sentence)\".")
            }
            return vector
        }
        guard Set(rows.map(\.count)).count <= 1, rows.first?.isEmpty != true else {
            throw CLIPError(.invalidEmbeddings, "The vectors of the descriptions are empty or differ in dimension.")
        }
        try self.init(unique, rows.isEmpty ? nil : EmbeddingMatrix(rows: rows))
    }

    private static func unique(_ sentences: some Sequence<String>) -> [String] {
        var seen = Set<[UInt8]>()
        return sentences.filter { seen.insert(Array($0.utf8)).inserted }
    }

    private init(_ unique: [String], _ embeddings: EmbeddingMatrix?) throws {
        precondition(embeddings?.count ?? 0 == unique.count, "there must be one vector per text")
        rows = Dictionary(uniqueKeysWithValues: unique.enumerated().map { (Array($1.utf8), $0) })
        do {
            self.embeddings = try embeddings?.normalized()
        } catch {
            throw CLIPError(.invalidEmbeddings, "The text encoder returned an invalid vector.", cause: error)
        }
    }

    /// The vectors of the given sentences, in order.
    ///
    /// - Precondition: There is at least one sentence, and all were embedded.
    subscript(sentences: [String]) -> EmbeddingMatrix {
        guard let embeddings else { preconditionFailure("no sentence was embedded") }
        var result = EmbeddingMatrix(dimension: embeddings.dimension, capacity: sentences.count)
        for sentence in sentences {
            guard let row = rows[Array(sentence.utf8)] else { preconditionFailure("this sentence was not embedded") }
            result.append(embeddings[row: row])
        }
        return result
    }
}
