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

    /// Writes the new file, if anything is suggested, and returns its contents.
    func write(_ found: DescriptionSuggestions, to output: String, calibratedOn digest: String?) throws -> CategoryFile?
    {
        guard !found.isEmpty else { return nil }
        let newText = try found.applied(to: text, name: name, calibratedOn: digest)
        let new = try CategoryFile(text: newText, name: output)
        try OutputFile.write(newText, to: output)
        return new
    }

    /// Prints the differences in the decisions about all images that a new file makes, or that there is none.
    func compare(with new: CategoryFile?, named output: String, embedder: some TextEmbedding) async throws {
        guard let new else {
            return try Terminal.print("\nNothing is suggested: \(output) was not written.")
        }
        // Categories that learn from images do not change.
        let files = (before: file.withoutLearningCategories(), after: new.withoutLearningCategories())
        let before = try await Classifier(files.before, embedder: embedder)
        let after = try await Classifier(files.after, embedder: embedder)
        var comparison = DecisionComparison(files.before, files.after, examples: 3)
        try comparison.run(store, before: before, after: after)
        try Terminal.print("\nDecisions about all images\n\n\(comparison.summary)\n\nNew category file: \(output)")
    }
}
