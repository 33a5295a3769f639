import CLIPCore

/// Finds the colour words in a text; ids are their positions in `ColorSpace.words`, from 1.
struct ColorTokenizer: Tokenizer {
    let padding = TokenPadding(id: 0, length: .longest)

    func tokenize(_ text: String) throws -> [Int] {
        let ids = text.lowercased().split(separator: " ").compactMap { word in
            ColorSpace.words.firstIndex { $0.name == word }.map { $0 + 1 }
        }
        guard !ids.isEmpty else {
            let known = ColorSpace.words.map(\.name).joined(separator: ", ")
            throw CLIPError(.invalidCategoryFile, "\"\(text)\" names no colour. The known words are \(known).")
        }
        return ids
    }
}

/// Encodes a text as the mean of the colours it names.
struct ColorTextEncoder: TextEncoder {
    let model = ColorSpace.model

    func encode(_ tokens: TokenBatch) throws -> EmbeddingMatrix {
        try ColorSpace.vectors(
            tokens.map { tokens in
                let ids = tokens.filter { $0 > 0 }
                return (0..<3).map { channel in
                    ids.reduce(0) { $0 + ColorSpace.words[Int($1) - 1].color[channel] } / Float(ids.count)
                }
            }
        )
    }
}
