public import CLIPCore

/// Checks that a type keeps the contract of a protocol it conforms to.
///
/// They work with any test framework: a broken contract is thrown.
///
/// ```swift
/// @Test func myRuleKeepsTheContract() throws {
///     try Conformance.check(MyRule())
/// }
/// ```
public enum Conformance {
    /// A promise that was not kept.
    public struct Violation: Error, CustomStringConvertible {
        /// What was promised and what was found.
        public let description: String
    }

    /// Checks an image encoder: one unit vector an image, in order, the same alone and in a batch.
    ///
    /// - Parameters:
    ///   - encoder: The encoder.
    ///   - tolerance: How much a value may change with the batch; numerical libraries choose other kernels for other
    ///     sizes.
    /// - Throws: ``Violation``, and what the encoder throws.
    public static func check(_ encoder: some ImageEncoder, tolerance: Float = 1e-4) async throws {
        let spec = encoder.model.preprocessing
        let size = spec.height * spec.width * 3
        let images = (0..<3).map { image in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* (2 * image + 1)) } }
        func batch(_ images: [[UInt8]]) -> ImageBatch {
            var batch = ImageBatch(height: spec.height, width: spec.width)
            for image in images { batch.append(image) }
            return batch
        }
        let together = try await encoder.encode(batch(images))
        try require(together.count == images.count, "\(images.count) images gave \(together.count) vectors")
        try require(
            together.dimension == encoder.model.embeddingDimension,
            "the model says \(encoder.model.embeddingDimension) dimensions and gave \(together.dimension)"
        )
        try require(together.firstRowNotOfUnitLength() == nil, "a vector is not of unit length")
        for (index, image) in images.enumerated() {
            let alone = try await encoder.encode(batch([image]))
            try require(
                zip(alone[row: 0], together[row: index]).allSatisfy { abs($0 - $1) <= tolerance },
                "image \(index) has another vector alone than in a batch"
            )
        }
    }

    static func require(_ condition: Bool, _ violation: @autoclosure () -> String) throws {
        guard condition else { throw Violation(description: violation()) }
    }
}
