internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPHTTP
internal import CLIPTokenizers

/// Files and lists of text.
let textTargets = [
    FuzzTarget("categories") { input in
        let file = try CategoryFile(text: text(input), name: "categories.yaml")
        // What was read is written so that it is read again.
        _ = try CategoryFile(text: file.yaml(), name: "categories.yaml")
    },
    FuzzTarget("lint") { _ = PromptLint(text: text($0), name: "categories.yaml").findings() },
    FuzzTarget("unigram") { input in
        let options = TokenizerFileOptions(contextLength: 16)
        _ = try UnigramTokenizer(json: text(input), options: options).tokenize("a photo of a cat.")
    },
    FuzzTarget("sentencepiece-bpe") { input in
        let options = TokenizerFileOptions(contextLength: 16)
        _ = try SentencePieceBPETokenizer(json: text(input), options: options).tokenize("a photo of a cat.")
    },
    FuzzTarget("byte-pair") { input in
        let merges = text(input)
        let count = max(merges.split(separator: "\n").count - 1, 0)
        _ = try BytePairTokenizer(merges: merges, mergeCount: count).tokenize("a photo of a cat.")
    },
    FuzzTarget("wordpiece") { input in
        let options = WordPieceTokenizer.Options(contextLength: 16)
        _ = try WordPieceTokenizer(vocabulary: text(input), options: options).tokenize("a photo of a cat.")
    },
    FuzzTarget("cleaning") { input in
        let given = text(input)
        for cleaning in TextCleaning.allCases {
            _ = cleaning.clean(given)
        }
    },
    FuzzTarget("url") { _ = try WebAddress(text($0)) },
]

private func text(_ input: [UInt8]) -> String {
    String(decoding: input, as: UTF8.self)
}
