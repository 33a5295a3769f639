extension Similarities {
    /// Computes the cosines of images with a bank's vectors, in one matrix product.
    ///
    /// - Parameters:
    ///   - images: Unit vectors.
    ///   - bank: The prompts.
    ///   - promptColumns: Whether single prompts get columns too, or only prompt sets.
    init(_ images: EmbeddingMatrix, _ bank: PromptBank, promptColumns: Bool) {
        let columns = promptColumns ? bank.layout.rowCount : bank.layout.setCount
        self.init(
            layout: bank.layout,
            columnCount: columns,
            values: MatrixProduct.innerProducts(images, bank.vectors, rows: columns)
        )
    }
}
