public import CLIPCore

extension Conformance {
    /// Checks that a tokenizer always returns the same ids for a text, and that they fit the context.
    ///
    /// - Parameters:
    ///   - tokenizer: The tokenizer.
    ///   - texts: Texts that it can represent, including a long one.
    /// - Throws: ``Violation``, and what the tokenizer throws.
    public static func check(
        _ tokenizer: some Tokenizer,
        texts: [String] = ["a cat", "", String(repeating: "a photo of a red car ", count: 50)]
    ) throws {
        for text in texts {
            let ids = try tokenizer.tokenize(text)
            let name = "\"\(text.prefix(20))\""
            try require(
                try tokenizer.tokenize(text) == ids,
                "\(name) has different ids when it is tokenized again: make tokenize(_:) depend only on the text"
            )
            if case .context(let length) = tokenizer.padding.length {
                try require(
                    ids.count <= length,
                    "\(name) has \(ids.count) ids, but the context has room for \(length): truncate in tokenize(_:)"
                )
            }
        }
        let batch = try tokenizer.batch(texts)
        try require(
            batch.count == texts.count,
            "a batch of \(texts.count) texts has \(batch.count) rows: do not replace batch(_:)"
        )
    }
}
