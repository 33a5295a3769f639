package import CLIPCore

extension LabelledEmbeddings {
    /// The labels of some categories, given by position.
    package func of(_ chosen: [Int]) -> LabelledEmbeddings {
        let pairs = (0..<count).flatMap { image in chosen.map { image * categories.count + $0 } }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: embeddings,
            categories: chosen.map { categories[$0] },
            truth: pairs.map { truth[$0] },
            probabilities: pairs.map { probabilities[$0] },
            unanswered: chosen.map { unanswered[$0] },
            provenance: provenance,
            missingCount: missingCount
        )
    }

    /// Returns the images without the labels that the categories' rules learned from.
    ///
    /// Decisions on training images are better than on others and prove nothing. An image that one category learned from
    /// is still new to the others.
    ///
    /// - Parameters:
    ///   - exemplars: The labels that the rules that learn from images learned from.
    ///   - file: The category file with the rules; its categories are those of the labels.
    /// - Returns: The same images, with `nil` for these labels.
    package func forgetting(_ exemplars: ImageLabels, of file: CategoryFile) -> LabelledEmbeddings {
        precondition(categories == file.categories.map(\.name), "the labels are for these categories")
        var truth = truth
        for (index, category) in file.categories.enumerated() where file.rule(of: category).learnsFromImages {
            for (image, id) in ids.enumerated() where exemplars.isMember(id: id, category: category.name) != nil {
                truth[image * categories.count + index] = nil
            }
        }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: embeddings,
            categories: categories,
            truth: truth,
            probabilities: probabilities,
            unanswered: unanswered,
            provenance: provenance,
            missingCount: missingCount
        )
    }

    /// Returns a subset of the images, in the given order, for example one fold of a cross-validation.
    package func subset(_ rows: some Sequence<Int>) -> LabelledEmbeddings {
        var ids = [String]()
        var chosen = EmbeddingMatrix(dimension: embeddings.dimension)
        var truth = [Bool?]()
        var probabilities = [Double?]()
        for row in rows {
            ids.append(self.ids[row])
            chosen.append(embeddings[row: row])
            let pairs = row * categories.count..<(row + 1) * categories.count
            truth += self.truth[pairs]
            probabilities += self.probabilities[pairs]
        }
        return LabelledEmbeddings(
            ids: ids,
            embeddings: chosen,
            categories: categories,
            truth: truth,
            probabilities: probabilities,
            unanswered: unanswered,
            provenance: provenance,
            missingCount: 0
        )
    }
}
