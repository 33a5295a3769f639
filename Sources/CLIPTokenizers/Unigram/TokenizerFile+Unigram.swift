extension TokenizerFile {
    /// The model, of type Unigram.
    ///
    /// - Parameter hasExactScores: Whether the scores are used as they are, and not as `tokenizers` reads them.
    /// - Throws: ``Problem`` if the model has another type or no unknown piece.
    func unigramModel(hasExactScores: Bool) throws -> UnigramModel {
        guard case .unigram(let model) = model else {
            throw Problem.unsupported("model", "BPE", supported: ["Unigram"])
        }
        guard let unknown = model.unkId, model.vocab.indices.contains(unknown) else {
            throw Problem("the field 'model.unk_id' does not name a piece of the vocabulary")
        }
        return UnigramModel(
            pieces: model.vocab.map(\.text),
            scores: model.vocab.map { hasExactScores ? $0.score : Double.asReadByTokenizers($0.score) },
            unknownID: unknown,
            usesByteFallback: model.byteFallback ?? false
        )
    }
}
