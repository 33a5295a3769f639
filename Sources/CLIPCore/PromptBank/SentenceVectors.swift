/// Unit vectors of sentences, each embedded once.
///
/// ```swift
/// let vectors = try await SentenceVectors(sentences, embed: embedder.embed)
/// let bank = try await PromptBank(file) { vectors[$0] }
/// ```
package struct SentenceVectors: Sendable {
    // By bytes: a tokenizer may tell apart what Unicode calls equivalent.
    private let rows: [[UInt8]: Int]
    private let embeddings: EmbeddingMatrix?

    /// Length of each vector, or `nil` when there is no sentence.
    package var dimension: Int? { embeddings?.dimension }

    /// Embeds sentences.
    ///
    /// - Parameters:
    ///   - sentences: Any number of sentences; repetitions are embedded once.
    ///   - embed: Returns one vector a text, in their order, of any length but zero. Not called when there is no sentence.
    /// - Throws: What `embed` throws, and ``CLIPError`` with code `invalidEmbeddings` when a vector has no direction.
    package init(
        _ sentences: some Sequence<String>,
        embed: (_ texts: [String]) async throws -> EmbeddingMatrix
    ) async throws {
        var rows = [[UInt8]: Int]()
        var unique = [String]()
        for sentence in sentences where rows[Array(sentence.utf8)] == nil {
            rows[Array(sentence.utf8)] = unique.count
            unique.append(sentence)
        }
        self.rows = rows
        guard !unique.isEmpty else {
            embeddings = nil
            return
        }
        var embeddings = try await embed(unique)
        precondition(embeddings.count == unique.count, "there is one vector for each text")
        do {
            try embeddings.normalizeRows()
        } catch {
            throw CLIPError(.invalidEmbeddings, "The text encoder gave a description no direction.", cause: error)
        }
        self.embeddings = embeddings
    }

    /// The vectors of some of the sentences, in the order asked for.
    ///
    /// - Precondition: All of them were embedded, and there is at least one.
    package subscript(sentences: [String]) -> EmbeddingMatrix {
        guard let embeddings else { preconditionFailure("no sentence was embedded") }
        var result = EmbeddingMatrix(dimension: embeddings.dimension, capacity: sentences.count)
        for sentence in sentences {
            guard let row = rows[Array(sentence.utf8)] else { preconditionFailure("this sentence was not embedded") }
            result.append(embeddings[row: row])
        }
        return result
    }
}
