extension TokenizerFile {
    /// The ids that are added before and after each text, from the post-processor `TemplateProcessing`.
    ///
    /// - Throws: ``Problem`` if the post-processor is not supported.
    func template() throws -> (start: [Int], end: [Int]) {
        guard let postProcessor else { return ([], []) }
        guard postProcessor.type == "TemplateProcessing", let parts = postProcessor.single else {
            throw Problem.unsupported("post-processor", postProcessor.type, supported: ["TemplateProcessing"])
        }
        var ids: [[Int]] = [[]]
        for part in parts {
            if let token = part["SpecialToken"] {
                guard let special = postProcessor.specialTokens?[token.id] else {
                    throw Problem("the post-processor uses the special token '\(token.id)' but does not define it")
                }
                ids[ids.count - 1] += special.ids
            } else if part["Sequence"]?.id == "A" {
                ids.append([])
            }
        }
        guard ids.count == 2 else {
            throw Problem("the template 'single' of the post-processor does not contain the text 'A' exactly once")
        }
        return (ids[0], ids[1])
    }

    /// Checks that texts are truncated and padded on the right, as this tokenizer does.
    ///
    /// - Throws: ``Problem``.
    func checkSides() throws {
        if let version, version != "1.0" { throw Problem.unsupported("version", version, supported: ["1.0"]) }
        for (name, side) in [("truncation", truncation?.direction), ("padding", padding?.direction)] {
            guard let side, side != "Right" else { continue }
            throw Problem.unsupported("\(name) direction", side, supported: ["Right"])
        }
        if let multiple = padding?.padToMultipleOf {
            throw Problem("padding to a multiple of \(multiple) is not supported")
        }
    }
}
