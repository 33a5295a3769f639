import CLIPCore

/// The model that random vectors seem to come from.
enum RandomModel {
    static func description(dimension: Int) -> ModelDescription {
        ModelDescription(
            name: "random",
            identity: "0",
            embeddingDimension: dimension,
            preprocessing: PreprocessingSpec(height: 1, width: 1, resizeMode: .shortest, interpolation: .bicubic)
        )
    }
}
