internal import CLIPArrow
internal import CLIPCore
internal import CLIPEvaluation

/// Whether labels are a sample from which something about the whole store follows.
enum LabelCheck {
    /// Warnings of drawn images without an answer, and of images labelled as `unsure`.
    static func unanswered(_ images: LabelledEmbeddings) -> [String] {
        images.categories.enumerated().compactMap { index, category in
            let rows = images.unanswered(category: index)
            let isDrawn = images.isDrawn(category: index)
            let parts = [
                isDrawn && rows.missing > 0
                    ? "\(rows.missing) \(rows.missing == 1 ? "has" : "have") no label yet" : nil,
                rows.unsure > 0 ? "\(rows.unsure) \(rows.unsure == 1 ? "is" : "are") labelled 'unsure'" : nil,
            ].compactMap(\.self)
            guard !parts.isEmpty else { return nil }
            let effect =
                isDrawn
                ? "They are taken to be like those drawn with the same probability"
                : "They are left out"
            return
                "of \(Text.count(rows.rows, "row")) for '\(Text.printable(category))', \(parts.joined(separator: " and ")). "
                + "\(effect). If they differ from the labelled images, the results are wrong."
        }
    }

    /// Warnings of labels that are no random sample of the store.
    static func biases(
        _ images: LabelledEmbeddings,
        in store: ParquetStore,
        seed: UInt64,
        classifier: Classifier
    ) throws -> [String] {
        guard CollectionScores.canShowBias(of: images) else { return [] }
        let scores = try CollectionScores(store, classifier: classifier)
        return scores.biases(of: images, seed: seed).map { EvaluationText.text($0) }
    }

    /// Warnings of labels that are no random sample of the store, in the categories whose rules do not learn from images.
    static func biases(
        _ images: LabelledEmbeddings,
        of file: CategoryFile,
        in store: ParquetStore,
        seed: UInt64,
        embedder: some TextEmbedding
    ) async throws -> [String] {
        let checked = file.categories.indices.filter { index in
            !file.rule(of: file.categories[index]).learnsFromImages && !images.isDrawn(category: index)
        }
        let images = images.of(checked)
        guard CollectionScores.canShowBias(of: images) else { return [] }
        var file = file
        file.categories = checked.map { file.categories[$0] }
        file.model = nil
        return try biases(images, in: store, seed: seed, classifier: await Classifier(file, embedder: embedder))
    }

    /// Prints the warnings of biased labels.
    static func warn(_ warnings: [String]) {
        for warning in warnings { Terminal.printError("warning: \(warning)") }
    }

    /// Requires labels from which a promise follows.
    ///
    /// - Throws: `CLIPError` with code `calibration` if there are warnings of biased labels, or drawn images without an
    ///   answer.
    static func requirePromisable(_ images: LabelledEmbeddings, biases: [String]) throws {
        let open = images.categories.enumerated().compactMap { index, category in
            let missing = images.isDrawn(category: index) ? images.unanswered(category: index).missing : 0
            return missing > 0
                ? "\(Text.count(missing, "drawn image")) \(missing == 1 ? "has" : "have") no label yet for '\(Text.printable(category))'."
                : nil
        }
        guard !(biases + open).isEmpty else { return }
        throw CLIPError(
            .calibration,
            "Nothing follows from these labels for the whole store, so nothing can be promised. Label a sample that "
                + "'clip-cli sample' draws completely, or repeat the command with --trust-labels if you know better.",
            cause: ErrorList(biases + open)
        )
    }
}
