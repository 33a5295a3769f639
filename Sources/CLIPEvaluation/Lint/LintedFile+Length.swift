internal import CLIPCore

extension LintedFile {
    private static let shownPieces = 12
    private static let shownCharacters = 60

    /// Finds prompts that the tokenizer truncates.
    ///
    /// - Throws: What the tokenizer throws.
    func lengthFindings(_ tokenizer: any Tokenizer) throws -> [LintFinding] {
        guard let tokenizer = tokenizer as? any InspectableTokenizer else { return [] }
        let whole = tokenizer.untruncated
        return try promptSets.flatMap { set in
            try set.prompts.compactMap { prompt in
                let longest = try prompt.sentences
                    .map { (sentence: $0, read: try tokenizer.tokenize($0), all: try whole.tokenize($0)) }
                    .max { $0.all.count < $1.all.count }
                guard let longest, longest.all.count > longest.read.count else { return nil }
                let start = zip(longest.read, longest.all).prefix { $0 == $1 }.count
                let cut = longest.all[start..<start + longest.all.count - longest.read.count]
                let pieces = tokenizer.pieces(for: Array(cut.prefix(Self.shownPieces))).joined(separator: " ")
                let more = cut.count > Self.shownPieces ? " …" : ""
                let text = prompt.text.prefix(Self.shownCharacters)
                let rest = text.count < prompt.text.count ? "…" : ""
                let template = longest.sentence == prompt.text ? "" : " in its longest template"
                return LintFinding(
                    .warning,
                    .tooLong,
                    at: prompt.position,
                    category: set.category,
                    "\"\(text)\(rest)\" has \(longest.all.count) tokens\(template), but the model reads only "
                        + "\(longest.read.count). Truncated: \(pieces)\(more). Shorten it."
                )
            }
        }
    }
}
