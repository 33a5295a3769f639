internal import ArgumentParser
internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

/// A category file with suggestions, and what they change.
struct LabelledSuggestion {
    let file: CategoryFile
    let text: String
    let name: String
    let store: ParquetStore

    /// The chosen categories, all of which must exist; `nil` for all.
    func require(_ chosen: [String]) throws -> Set<String>? {
        let known = file.categories.map(\.name)
        for name in chosen where !known.contains(name) {
            let near = Spelling.nearest(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
            throw ValidationError("--category: \(self.name) has no category '\(name)'.\(near)")
        }
        return chosen.isEmpty ? nil : Set(chosen)
    }

    /// Writes the new file and prints the differences in the decisions about all images, if anything is suggested.
    func write(
        _ found: DescriptionSuggestions,
        to output: String,
        calibratedOn digest: String?,
        embedder: some TextEmbedding
    ) async throws {
        guard !found.isEmpty else {
            return try Terminal.print("\nNothing is suggested: \(output) was not written.")
        }
        let newText = try found.applied(to: text, name: name, calibratedOn: digest)
        // Categories that learn from images do not change.
        let files = (
            before: file.withoutLearningCategories(),
            after: try CategoryFile(text: newText, name: output).withoutLearningCategories()
        )
        let before = try await Classifier(files.before, embedder: embedder)
        let after = try await Classifier(files.after, embedder: embedder)
        var comparison = DecisionComparison(files.before, files.after, examples: 3)
        try comparison.run(store, before: before, after: after)
        try Terminal.print("\nDecisions about all images\n\n\(comparison.summary)")
        try OutputFile.write(newText, to: output)
        try Terminal.print("\nNew category file: \(output)")
    }
}
