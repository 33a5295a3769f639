internal import ArgumentParser
internal import CLIPCore
internal import CLIPEvaluation
internal import CLIPModels

/// The vocabulary that phrases are chosen from.
struct VocabularyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Text file with one phrase per line (default: WordNet's nouns, which come with the default model).",
            valueName: "file"
        )
    )
    var vocabulary: String?

    /// Reads and embeds the vocabulary, and shows the progress.
    func embedded(by embedder: some TextEmbedding) async throws -> EmbeddedVocabulary {
        let words = try read()
        var progress = ProgressLine()
        defer { progress.close() }
        return try await words.embedded(by: embedder) { done in
            progress.show(done: done, of: words.phrases.count, "the vocabulary embedded, once per model")
        }
    }

    private func read() throws -> Vocabulary {
        if let vocabulary { return try Vocabulary(contentsOf: vocabulary) }
        do {
            return try Vocabulary(contentsOf: ModelLibrary.vocabularyPath)
        } catch let error as CLIPError where error.code == .notFound {
            throw error.advising("Install the default model with its vocabulary ('make setup'), or pass --vocabulary.")
        }
    }
}
