internal import CLIPCore
internal import CLIPTokenizers

/// Vocabularies and `tokenizer.json`, and texts for the tokenizers of the tests.
let tokenizerTargets = [
    FuzzTarget("unigram", of: ["CLIPTokenizers/Unigram", "CLIPTokenizers/TokenizerFile"], within: fileLimits) { input in
        let tokenizer = try UnigramTokenizer(json: text(input), options: options)
        try tokenize(tokenizer)
        try tokenize(tokenizer.untruncated, isTruncated: false)
    },
    FuzzTarget(
        "sentencepiece-bpe",
        of: ["CLIPTokenizers/SentencePieceBPE"],
        within: fileLimits
    ) { input in
        let tokenizer = try SentencePieceBPETokenizer(json: text(input), options: options)
        try tokenize(tokenizer)
        try tokenize(tokenizer.untruncated, isTruncated: false)
    },
    FuzzTarget("byte-pair", of: ["CLIPTokenizers/BytePair/BytePairVocabulary.swift"], within: fileLimits) { input in
        let merges = text(input)
        let count = max(merges.split(separator: "\n").count - 1, 0)
        try tokenize(BytePairTokenizer(merges: merges, mergeCount: count))
    },
    FuzzTarget("wordpiece", of: ["CLIPTokenizers/WordPiece/WordPieceVocabulary.swift"], within: fileLimits) { input in
        try tokenize(WordPieceTokenizer(vocabulary: text(input), options: .init(contextLength: 16)))
    },
    FuzzTarget(
        "text-byte-pair",
        of: ["BytePairTokenizer.swift", "BytePairEncoder.swift", "WordSplitter.swift"].map {
            "CLIPTokenizers/BytePair/\($0)"
        }
    ) { input in
        try read(input, bytePair)
        try read(input, transformers)
        try read(input, bytePair.map(\.untruncated), isTruncated: false)
    },
    FuzzTarget("text-byte-pair-transformers", of: ["CLIPTokenizers/BytePair/TransformersPreparation.swift"]) {
        try read($0, transformers)
    },
    FuzzTarget("text-wordpiece", of: ["CLIPTokenizers/WordPiece"]) { try read($0, wordPiece) },
    FuzzTarget("text-unigram", of: ["CLIPTokenizers/Unigram/UnigramEncoder.swift", "CLIPTokenizers/Normalization"]) {
        input in
        for tokenizer in unigrams { try read(input, tokenizer) }
    },
    FuzzTarget(
        "text-sentencepiece-bpe",
        of: ["SentencePieceBPEEncoder.swift", "MergeQueue.swift"].map { "CLIPTokenizers/SentencePieceBPE/\($0)" }
    ) { input in
        for tokenizer in sentencePieces { try read(input, tokenizer) }
    },
]

/// A piece takes some hundred bytes, however short it is.
private let fileLimits = FuzzTarget.Limits(mebibytes: 32, perByte: 2048)
private let options = TokenizerFileOptions(contextLength: 16)

private func tokenize(_ tokenizer: some InspectableTokenizer, isTruncated: Bool = true) throws {
    try check(tokenizer, "A photo of a cat.", isTruncated)
    try check(tokenizer, "caf\u{E9} \u{1F431} <pad></s>[SEP] \u{FF21}\u{30AB}\u{3099}", isTruncated)
}

private func read(
    _ input: [UInt8],
    _ tokenizer: Result<some InspectableTokenizer, any Error>,
    isTruncated: Bool = true
) throws {
    // A failure to load it would make every input pass.
    guard let tokenizer = try? tokenizer.get() else { fatalError("a fixture of the tokenizers is missing") }
    try check(tokenizer, text(input), isTruncated)
}

/// Ids stay within the context length, and name pieces.
private func check(_ tokenizer: some InspectableTokenizer, _ text: String, _ isTruncated: Bool) throws {
    let ids = try tokenizer.tokenize(text)
    if isTruncated, case .context(let length) = tokenizer.padding.length {
        precondition(ids.count <= length, "too many ids")
    }
    precondition(tokenizer.pieces(for: ids).count == ids.count, "an id without a piece")
}

private let folder = "CLIPTokenizersTests/Fixtures"
private let bytePair = Result { try BytePairTokenizer(contentsOf: fixture("\(folder)/bpe_merges.txt")) }
private let transformers = bytePair.map { tokenizer in
    var tokenizer = tokenizer
    tokenizer.followTransformers(start: "<|startoftext|>", end: "<|endoftext|>", normalized: ["<|startoftext|>"])
    return tokenizer
}
private let wordPiece = Result {
    try WordPieceTokenizer(contentsOf: fixture("\(folder)/wordpiece_vocab.txt"), options: .init(contextLength: 64))
}
private let unigrams = [("t5", "</s>"), ("xlmr", "<pad>"), ("bytes", "</s>")].map { name, padding in
    Result {
        let options = TokenizerFileOptions(contextLength: 16, paddingToken: padding)
        return try UnigramTokenizer(contentsOf: fixture("\(folder)/unigram_\(name).json"), options: options)
    }
}
private let sentencePieces = ["gemma", "partial"].map { name in
    Result {
        try SentencePieceBPETokenizer(contentsOf: fixture("\(folder)/sentencepiece_bpe/\(name).json"), options: options)
    }
}
