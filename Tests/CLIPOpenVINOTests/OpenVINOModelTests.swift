import CLIPCore
import CLIPImage
import CLIPModels
import CLIPOpenVINO
import CLIPTesting
import TestSupport
import Testing

/// A small model with random weights as OpenVINO's networks, from file to vector, against the reference outputs that
/// Python wrote into its bundle.
///
/// `make test` makes the models.
@Suite struct OpenVINOModelTests {
    static let names = ["vit-quickgelu-openvino", "vit-quickgelu-openvino-int8"]

    static func bundle(_ name: String, _ precision: Precision = .fp32) throws -> ModelBundle {
        let path = RepositoryFile.path("build/test-models/\(name)")
        try #require((try? FileBytes.read("\(path)/model.json")) != nil, "'make test' makes \(path)")
        return try ModelBundle(path: path, precision: precision, cacheFolder: nil)
    }

    /// What a bundle runs in on this CPU.
    static func precisions(_ name: String) throws -> [Precision] {
        let available = try InferenceEngine.openVINO().runtime.precisions()
        return try bundle(name).hasPrecisions ? available.filter { $0 != .int8 } : [.fp32]
    }

    @Test(arguments: names) func imagesAndTextsEqualThePythonReference(_ name: String) async throws {
        let decoder = ImageFileDecoder(options: .init(orientation: .ignore))
        for precision in try Self.precisions(name) {
            let check = try await Self.bundle(name, precision).check(decoder: decoder, on: .openVINO())
            #expect(check.preprocessing.count > 0 && check.tokens.count > 0)
            #expect(check.passes, "\(name), \(precision): \(check)")
        }
    }

    @Test(arguments: names) func theEncodersKeepTheContract(_ name: String) async throws {
        for precision in try Self.precisions(name) {
            let bundle = try Self.bundle(name, precision)
            try await Conformance.check(bundle.imageEncoder(on: .openVINO()), tolerance: 0)
            try await Conformance.check(
                bundle.textEncoder(on: .openVINO()),
                tokenizer: bundle.tokenizer(),
                tolerance: 0
            )
        }
    }

    @Test(arguments: names) func vectorsHaveTheSameBitsInEveryBatchAndWithAnyNumberOfThreads(
        _ name: String
    ) async throws {
        for precision in try Self.precisions(name) {
            let bundle = try Self.bundle(name, precision)
            let batch = RandomImages(bundle.model.preprocessing, count: 32)
            let all = try await bundle.imageEncoder(on: .openVINO(threads: 1)).encode(batch.images(0..<32))
            for threads in [1, 2, 5] {
                let encoder = try bundle.imageEncoder(on: .openVINO(threads: threads))
                for size in [1, 7, 32] {
                    for first in stride(from: 0, to: 32, by: size) {
                        let rows = first..<min(first + size, 32)
                        let vectors = try await encoder.encode(batch.images(rows))
                        for row in rows {
                            #expect(
                                vectors[row: row - first] == all[row: row],
                                "\(name), \(precision), batches of \(size), \(threads) threads"
                            )
                        }
                    }
                }
            }
        }
    }

    @Test func aTextsVectorHasTheSameBitsWhateverIsEmbeddedWithIt() async throws {
        let bundle = try Self.bundle("vit-quickgelu-openvino")
        let texts = ["a cat", "a photograph of a very large red building by the sea", "dog", "", "a cat"]
        let embedder = bundle.textEmbedder(on: .openVINO())
        let tokenizer = try bundle.tokenizer()
        let batches = TextEmbedder(tokenizer: tokenizer, encoder: try bundle.textEncoder(on: .openVINO(threads: 2)))
        let together = try await batches.embed(texts)
        for (row, text) in texts.enumerated() {
            #expect(try await embedder.embed([text])[row: 0] == together[row: row])
        }
    }
}

/// Images of random pixels.
struct RandomImages {
    private let spec: PreprocessingSpec
    private let pixels: [[UInt8]]

    init(_ spec: PreprocessingSpec, count: Int) {
        var random = SeededGenerator(seed: 7)
        self.spec = spec
        pixels = (0..<count).map { _ in (0..<spec.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) } }
    }

    func images(_ range: Range<Int>) -> ImageBatch {
        var batch = ImageBatch(height: spec.height, width: spec.width)
        for index in range { batch.append(pixels[index]) }
        return batch
    }
}
