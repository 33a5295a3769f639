internal import CLIPCore

extension ModelBundle {
    /// Below this, reference vectors are those of different weights: quantised ones differ by less.
    private static let leastCosineOfOneModel = 0.99

    /// Requires that another bundle is one of the same model, for another engine or in another precision.
    ///
    /// Preprocessing, dimension, and the reference vectors of inputs that both bundles have must agree.
    ///
    /// - Throws: `CLIPError` with code `modelMismatch`, or `invalidModel` if the reference data of one is incomplete.
    package func requireSameModel(as other: ModelBundle) throws {
        let isSame =
            try model.preprocessing == other.model.preprocessing
            && model.embeddingDimension == other.model.embeddingDimension
            && GoldenData(self).leastCosine(with: GoldenData(other)) ?? 1 >= Self.leastCosineOfOneModel
        guard !isSame else { return }
        throw CLIPError(
            .modelMismatch,
            "\(path) and \(other.path) are bundles of different models (\(manifest.origin) and \(other.manifest.origin)), but "
                + "their names say that they are of one, for two engines. Rename one of them."
        )
    }
}
