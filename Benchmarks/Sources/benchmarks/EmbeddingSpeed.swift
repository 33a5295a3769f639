import CLIPArrow
import CLIPCore
import CLIPImage
import CLIPImageFormats
import CLIPPipeline
import Foundation

/// A run that embeds a folder of images of all formats with an encoder that costs nothing, compared with its codecs and
/// preprocessing alone, in CPU time.
///
/// The environment variable `BENCHMARK_IMAGES` names a folder with a folder for each format, and `BENCHMARK_MIXED` one
/// with equally many copies of each of these files.
enum EmbeddingSpeed {
    private static let rounds = 5

    static func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let images = environment["BENCHMARK_IMAGES"], let mixed = environment["BENCHMARK_MIXED"] else {
            return print("skipped: set BENCHMARK_IMAGES and BENCHMARK_MIXED, or run Tools/benchmark_reading.py")
        }
        let samples = try FormatSample.all(in: URL(filePath: images))
        let source = FolderSource(path: mixed)
        let count = try await source.count() ?? 0
        let copies = Double(count) / Double(samples.reduce(0) { $0 + $1.files.count })
        var (alone, whole) = (Measurement(), Measurement())
        func measureAlone() throws {
            try alone.timeCPU {
                for sample in samples {
                    var buffers = sample.buffers
                    for file in sample.files {
                        try sample.decodeAlone(file, &buffers)
                    }
                    for image in sample.images { _ = try FormatSample.preprocessor.preprocess(image) }
                }
            }
        }
        for _ in 0..<rounds { try measureAlone() }
        let store = FileManager.default.temporaryDirectory.appending(path: "embedding-speed-\(getpid())")
        defer { try? FileManager.default.removeItem(at: store) }
        let (decoder, encoder) = (ImageFileDecoder(formats: .all), FixedEncoder())
        let summary = try await whole.timeProcessCPU {
            try await EmbeddingRun(
                source: source,
                decoder: decoder,
                encoder: encoder,
                writer: ParquetStoreWriter(path: store.path(), provenance: Provenance(encoder.model, decoder: decoder)),
                options: .init(decodeWorkers: 2)
            ).run()
        }
        for _ in 0..<rounds { try measureAlone() }
        guard summary.embedded == count else { throw Failure("\(summary.failed) of \(count) images failed") }
        let expected = alone.seconds.reduce(0, +) / Double(alone.seconds.count) * copies
        print("images: \(count)")
        print("codecs and preprocessing, s: \(expected)")
        print("run, s: \(whole.median)")
    }
}

/// An encoder whose vectors are there already.
private struct FixedEncoder: ImageEncoder {
    private static let largestBatch = 32
    let model = ModelDescription(
        name: "fixed",
        identity: "0",
        embeddingDimension: 512,
        preprocessing: FormatSample.spec
    )
    private let vectors: [Float]

    init() {
        var numbers = Numbers()
        vectors = (0..<Self.largestBatch).flatMap { _ in
            let values = numbers.floats(512)
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return values.map { $0 / length }
        }
    }

    func encode(_ batch: ImageBatch) -> EmbeddingMatrix {
        EmbeddingMatrix(dimension: 512, values: Array(vectors.prefix(512 * batch.count)))
    }
}
