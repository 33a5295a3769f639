import CLIPCore

/// The embedding space of images and texts: a colour as a unit vector of four values.
///
/// The fourth is a constant, so that black has a direction too and dark colours differ from bright ones.
enum ColorSpace {
    /// The known words, each with its red, green and blue from 0 to 1.
    static let words: [(name: String, color: [Float])] = [
        ("red", [1, 0, 0]), ("green", [0, 1, 0]), ("blue", [0, 0, 1]), ("yellow", [1, 1, 0]),
        ("black", [0, 0, 0]), ("gray", [0.5, 0.5, 0.5]), ("white", [1, 1, 1]),
    ]

    static let model = ModelDescription(
        name: "mean-colour",
        identity: "mean-colour, version 1",
        embeddingDimension: 4,
        preprocessing: PreprocessingSpec(height: 16, width: 16, resizeMode: .squash, interpolation: .bilinear)
    )

    /// One unit vector per colour.
    static func vectors(_ colors: [[Float]]) throws -> EmbeddingMatrix {
        try EmbeddingMatrix(rows: colors.map { $0 + [0.5] }).normalized()
    }
}
