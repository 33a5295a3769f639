public import CLIPCore

extension Exemplars {
    /// Groups labelled images by category; unlabelled pairs are left out.
    ///
    /// Images that were read from a store keep its model: descriptions of another model are refused.
    public init(_ images: LabelledEmbeddings) {
        func chosen(_ category: Int, _ isMember: Bool) -> EmbeddingBlock {
            let rows = (0..<images.count).filter { images.truth(image: $0, category: category) == isMember }
            let subset = images.subset(rows)
            return EmbeddingBlock(ids: subset.ids, embeddings: subset.embeddings)
        }
        let pairs = images.categories.enumerated().map { index, name in
            (name, Category(positive: chosen(index, true), negative: chosen(index, false)))
        }
        self.init(Dictionary(uniqueKeysWithValues: pairs), provenance: images.provenance)
    }
}
