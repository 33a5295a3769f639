extension Similarities {
    /// Computes the cosine similarities of images and a bank's vectors with one matrix product.
    ///
    /// - Parameters:
    ///   - images: Unit vectors.
    ///   - bank: The prompts.
    ///   - promptColumns: Whether single prompts get columns too, in addition to prompt sets.
    init(_ images: EmbeddingMatrix, _ bank: PromptBank, promptColumns: Bool) {
        let columns = promptColumns ? bank.layout.rowCount : bank.layout.setCount
        self.init(
            layout: bank.layout,
            columnCount: columns,
            values: MatrixProduct.innerProducts(images, bank.vectors, rows: columns)
        )
    }
}
