import CLIPCore
import CLIPTorch

/// Encoding and scoring in one process: OpenBLAS must not slow libtorch down.
///
/// libtorch has a matrix product of the same name as OpenBLAS; where OpenBLAS is linked in the ordinary way, it takes the
/// place of libtorch's own. Encoding is timed before OpenBLAS is loaded and, in the same process, after each scoring.
enum EncodingBesideScoring {
    private static let requiredRatio = 0.95

    static func run() async throws {
        let bundle = try ModelBundle(named: "default")
        let encoder = try bundle.imageEncoder()
        let spec = encoder.model.preprocessing
        var numbers = Numbers()
        var batch = ImageBatch(height: spec.height, width: spec.width)
        for _ in 0..<32 { batch.append(numbers.bytes(spec.height * spec.width * 3)) }
        for _ in 0..<3 { _ = try await encoder.encode(batch) }

        var alone = Measurement()
        for _ in 0..<15 { _ = try await alone.time { try await encoder.encode(batch) } }

        let scoring = try await Scoring(images: 4096, categories: 20, dimension: encoder.model.embeddingDimension)
        var beside = Measurement()
        for _ in 0..<15 {
            try scoring.run()
            _ = try await beside.time { try await encoder.encode(batch) }
        }
        let ratio = alone.least / beside.least
        print("encoding, images/s, before scoring is loaded   \(Int(32 / alone.least))")
        print("encoding, images/s, between scorings           \(Int(32 / beside.least))")
        print("ratio (1 is no loss)                           \(ratio)")
        guard ratio >= requiredRatio else { throw Failure("Scoring slows encoding down: \(ratio) < \(requiredRatio).") }
    }
}
