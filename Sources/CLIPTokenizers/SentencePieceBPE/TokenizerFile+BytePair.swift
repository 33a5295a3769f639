extension TokenizerFile {
    /// The model, of type BPE over characters, as trained by SentencePiece; `file` is the undecoded JSON.
    ///
    /// - Throws: ``Problem`` if the model has another type or an unsupported feature.
    func sentencePieceBPEModel(_ file: [UInt8]) throws -> SentencePieceBPEModel {
        guard case .bytePair(let model) = model else {
            throw Problem.unsupported("model", "Unigram", supported: ["BPE"])
        }
        let unsupported = [
            ("dropout", (model.dropout ?? 0) != 0),
            ("continuing_subword_prefix", model.continuingSubwordPrefix?.isEmpty == false),
            ("end_of_word_suffix", model.endOfWordSuffix?.isEmpty == false),
            ("ignore_merges", model.ignoreMerges ?? false),
        ]
        if let (field, _) = unsupported.first(where: \.1) {
            throw Problem("the field 'model.\(field)' is not supported")
        }
        return try SentencePieceBPEModel(
            PieceTable(file),
            unknownPiece: model.unkToken,
            usesByteFallback: model.byteFallback ?? false,
            fusesUnknown: model.fuseUnk ?? false
        )
    }
}
