import CLIPCore

/// Finds the first colour that a text names; the token ids are its red, green and blue.
struct ColorTokenizer: Tokenizer {
    let colors = ["black": [0, 0, 0], "red": [255, 0, 0], "green": [0, 255, 0], "blue": [0, 0, 255]]
    let padding = TokenPadding(id: 0, length: .context(3))

    func tokenize(_ text: String) throws -> [Int] {
        for word in text.lowercased().split(separator: " ").map(String.init) {
            if let color = colors[word] { return color }
        }
        throw CLIPError(.invalidCategoryFile, "\"\(text)\" names none of the colours \(colors.keys.sorted()).")
    }
}

/// Encodes the colour that a text names.
struct ColorTextEncoder: TextEncoder {
    let model = colorModel

    func encode(_ tokens: TokenBatch) throws -> EmbeddingMatrix {
        try colorVectors(tokens)
    }
}
