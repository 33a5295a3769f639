internal import CLIPCore

extension LintedFile {
    /// The similarity from which two prompts count as the same to the model.
    ///
    /// In the default model, "a photo of a dog" and "a picture of a dog" reach it. "a car" and "an automobile" (0.9) do
    /// not: a list is meant to hold synonyms.
    private static let sameDescription: Float = 0.95
    /// The similarity below which no negative is reported as too close.
    ///
    /// Negatives are what the category is easily mistaken for. In the default model, "a kitty" and "a cat" reach it;
    /// "an identity card" and "a credit card" do not.
    private static let nearNegative: Float = 0.75
    /// How much more similar to a negative than to any other positive a description must be to be reported.
    private static let nearerNegative: Float = 0.2
    /// The similarity to a negative from which a category's only positive description is reported.
    private static let loneNearNegative: Float = 0.8
    /// The similarity, relative to the file's other categories, from which two categories count as nearly the same.
    private static let sameCategory: Float = 0.8

    /// Findings from the vectors of the prompts.
    ///
    /// - Throws: What the embedder throws, and `CLIPError` with code `invalidEmbeddings`.
    func meaningFindings(_ embedder: some TextEmbedding) async throws -> [LintFinding] {
        guard let cosines = try await PromptCosines(described, templates: file.templates, embedder: embedder) else {
            return []
        }
        let inCategories = cosines.categories.flatMap { category in
            let lists = [category.positive] + (category.negative.map { [$0] } ?? [])
            return lists.flatMap { similarPrompts($0, category, cosines) } + nearerNegatives(category, cosines)
        }
        return inCategories + similarCategories(cosines)
    }

    /// Finds prompts of a list that the model can barely distinguish, unless their texts are already the same.
    private func similarPrompts(
        _ set: PromptLayout.PromptSet,
        _ category: PromptLayout.Category,
        _ cosines: PromptCosines
    ) -> [LintFinding] {
        set.promptColumns.compactMap { column in
            let text = cosines.text(column)
            let earlier = set.promptColumns.lowerBound..<column
            let nearest = earlier.max { cosines.cosine(column, $0) < cosines.cosine(column, $1) }
            guard let nearest, Prompt.fold(text) != Prompt.fold(cosines.text(nearest)) else { return nil }
            let cosine = cosines.cosine(column, nearest)
            guard cosines.relativeSimilarity(cosine, above: cosines.background) >= Self.sameDescription else {
                return nil
            }
            return LintFinding(
                .note,
                .similarPrompts,
                at: position(of: column, in: category),
                category: category.name,
                "To the model, \"\(text)\" and \"\(cosines.text(nearest))\" of '\(category.name)' are nearly the same "
                    + "(cosine \(rounded(cosine))), so they count as one description with twice the weight."
            )
        }
    }

    /// Finds positive descriptions that are closer to a negative of their category than to any other positive.
    private func nearerNegatives(_ category: PromptLayout.Category, _ cosines: PromptCosines) -> [LintFinding] {
        guard let negative = category.negative else { return [] }
        return category.positive.promptColumns.compactMap { column in
            let others = category.positive.promptColumns.filter { $0 != column }.map { cosines.cosine(column, $0) }
            let nearest = negative.promptColumns.max { cosines.cosine(column, $0) < cosines.cosine(column, $1) }
            guard let nearest, Prompt.fold(cosines.text(column)) != Prompt.fold(cosines.text(nearest)) else {
                return nil
            }
            let cosine = cosines.cosine(column, nearest)
            let relativeSimilarity = cosines.relativeSimilarity(cosine, above: cosines.background)
            let comparison: String
            if let best = others.max() {
                let bound = cosines.relativeSimilarity(best, above: cosines.background) + Self.nearerNegative
                guard relativeSimilarity >= max(bound, Self.nearNegative) else { return nil }
                comparison =
                    "more like the negative \"\(cosines.text(nearest))\" (cosine \(rounded(cosine))) than like any "
                    + "other positive description of '\(category.name)' (\(rounded(best)))"
            } else {
                guard relativeSimilarity >= Self.loneNearNegative else { return nil }
                comparison =
                    "nearly the same as the negative \"\(cosines.text(nearest))\" of '\(category.name)' (cosine "
                    + "\(rounded(cosine)))"
            }
            return LintFinding(
                .warning,
                .nearerNegative,
                at: position(of: column, in: category),
                category: category.name,
                "To the model, \"\(cosines.text(column))\" is \(comparison). Remove one, or reword it."
            )
        }
    }

    /// Finds categories that the model can barely distinguish.
    ///
    /// The base is the median cosine of all pairs of categories, or that of unrelated things if it is larger. In a file
    /// about dog breeds, all categories are closer to each other than in one about animals and vehicles, so only pairs
    /// that stand out are reported.
    private func similarCategories(_ cosines: PromptCosines) -> [LintFinding] {
        let pairs = cosines.categories.indices.flatMap { second in
            (0..<second).map { first in
                let (first, second) = (cosines.categories[first], cosines.categories[second])
                return (first, second, cosine: cosines.cosine(first.positive.column, second.positive.column))
            }
        }
        let sorted = pairs.map(\.cosine).sorted()
        // Two categories make a single pair, which has no median to compare with.
        let base = max(cosines.background, sorted.count > 1 ? sorted[(sorted.count - 1) / 2] : -1)
        return pairs.compactMap { first, second, cosine in
            guard cosines.relativeSimilarity(cosine, above: base) >= Self.sameCategory else { return nil }
            return LintFinding(
                .warning,
                .similarCategories,
                at: position("categories", second.name),
                category: second.name,
                "To the model, '\(second.name)' and '\(first.name)' are nearly the same (cosine \(rounded(cosine)); "
                    + "\(rounded(base)) is usual here): most images of one will match the other too. Merge them, or "
                    + "describe how they differ."
            )
        }
    }

    private func position(of column: Int, in category: PromptLayout.Category) -> LintFinding.Position? {
        let isPositive = category.positive.promptColumns.contains(column)
        guard let set = isPositive ? category.positive : category.negative else { return nil }
        let index = column - set.promptColumns.lowerBound
        return position("categories", category.name, isPositive ? "positive" : "negative", "\(index)")
    }

    private func rounded(_ cosine: Float) -> String {
        DecimalText.fixed(Double(cosine), digits: 2)
    }
}
