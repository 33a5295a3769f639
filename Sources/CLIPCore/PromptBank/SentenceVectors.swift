/// Unit vectors of sentences, each embedded once.
struct SentenceVectors: Sendable {
    // By bytes: a tokenizer may tell apart what Unicode calls equivalent.
    private let rows: [[UInt8]: Int]
    private let embeddings: EmbeddingMatrix?

    /// Length of each vector, or `nil` when there is no sentence.
    var dimension: Int? { embeddings?.dimension }

    /// Embeds sentences.
    ///
    /// - Parameters:
    ///   - sentences: Any number of sentences; repetitions are embedded once.
    ///   - embed: Returns one vector a text, in their order, of any length but zero. Not called when there is no sentence.
    /// - Throws: What `embed` throws, and ``CLIPError`` with code `invalidEmbeddings` when a vector has no direction.
    init(
        _ sentences: some Sequence<String>,
        embed: (_ texts: [String]) async throws -> EmbeddingMatrix
    ) async throws {
        let unique = Self.unique(sentences)
        try self.init(unique, unique.isEmpty ? nil : await embed(unique))
    }

    /// Looks vectors of sentences up.
    ///
    /// - Throws: ``CLIPError`` with code `invalidEmbeddings` when a sentence has no vector, vectors have several dimensions, or
    ///   one has no direction.
    init(_ sentences: some Sequence<String>, in vectors: [String: [Float]]) throws {
        let unique = Self.unique(sentences)
        let rows = try unique.map { sentence in
            guard let vector = vectors[sentence] else {
                throw CLIPError(.invalidEmbeddings, "There is no vector for \"\(sentence)\".")
            }
            return vector
        }
        guard Set(rows.map(\.count)).count <= 1, rows.first?.isEmpty != true else {
            throw CLIPError(.invalidEmbeddings, "The vectors of the descriptions have several dimensions, or none.")
        }
        try self.init(unique, rows.isEmpty ? nil : EmbeddingMatrix(rows: rows))
    }

    private static func unique(_ sentences: some Sequence<String>) -> [String] {
        var seen = Set<[UInt8]>()
        return sentences.filter { seen.insert(Array($0.utf8)).inserted }
    }

    private init(_ unique: [String], _ embeddings: EmbeddingMatrix?) throws {
        precondition(embeddings?.count ?? 0 == unique.count, "there is one vector for each text")
        rows = Dictionary(uniqueKeysWithValues: unique.enumerated().map { (Array($1.utf8), $0) })
        do {
            self.embeddings = try embeddings?.normalized()
        } catch {
            throw CLIPError(.invalidEmbeddings, "The text encoder gave a description no direction.", cause: error)
        }
    }

    /// The vectors of some of the sentences, in the order asked for.
    ///
    /// - Precondition: All of them were embedded, and there is at least one.
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
