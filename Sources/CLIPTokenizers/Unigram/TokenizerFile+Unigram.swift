extension TokenizerFile {
    /// The model, of type Unigram.
    ///
    /// - Throws: ``Problem`` if the model has another type or no unknown piece.
    func unigramModel() throws -> UnigramModel {
        guard case .unigram(let model) = model else {
            throw Problem.unsupported("model", "BPE", supported: ["Unigram"])
        }
        guard let unknown = model.unkId, model.vocab.indices.contains(unknown) else {
            throw Problem("the field 'model.unk_id' does not name a piece of the vocabulary")
        }
        return UnigramModel(
            pieces: model.vocab.map(\.text),
            scores: model.vocab.map(\.score),
            unknownID: unknown,
            usesByteFallback: model.byteFallback ?? false
        )
    }
}
