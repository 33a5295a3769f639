import CLIPArrow
import CLIPCore
import CLIPPipeline
import CLIPReport
import CLIPTesting
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The streams are made by `Tools/fixtures/make_stream_fixtures.py`; `Tools/check_worker.py` reads answers and compares
/// them with `embed`.
@Suite(.timeLimit(.minutes(5))) struct EmbeddingWorkerTests {
    private static let endMark: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]

    /// An image is one byte: a grey value, of which 255 cannot be decoded.
    private struct Decoder: ImageDecoder {
        func decode(_ data: [UInt8]) throws -> PixelImage {
            guard data.count == 1, data != [255] else { throw CLIPError(.corruptData, "damaged") }
            return PixelImage(width: 1, height: 1, format: .gray, pixels: data)
        }
    }

    private let encoder = StubImageEncoder(size: 1)
    private let folder: TemporaryFolder
    private var output: String { "\(folder.path)/output.arrows" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func worker(_ options: EmbeddingWorker.Options = .init()) -> EmbeddingWorker {
        EmbeddingWorker(decoder: Decoder(), encoder: encoder, options: options)
    }

    /// Gives `body` descriptors of an input and of the output's file, and returns what was written.
    private func answer(
        _ input: String,
        _ body: (_ input: Int32, _ output: Int32) async throws -> Bool
    ) async throws -> [UInt8] {
        let descriptors = (open(input, O_RDONLY), open(output, O_WRONLY | O_CREAT | O_TRUNC, 0o600))
        defer {
            close(descriptors.0)
            close(descriptors.1)
        }
        #expect(try await body(descriptors.0, descriptors.1))
        return try FileBytes.read(output)
    }

    private func fixture(_ name: String) -> String { Fixture.path("stream/\(name)") }

    private func classifier() async throws -> Classifier {
        let file = CategoryFile(categories: [.init(name: "cat", positive: ["a"], negative: ["b"], threshold: 0.25)])
        let dimension = encoder.model.embeddingDimension
        let bank = try await PromptBank(file, dimension: dimension) { texts in
            let rows = texts.map { text in (0..<dimension).map { $0 == (text == "a" ? 0 : 1) ? Float(1) : 0 } }
            return EmbeddingMatrix(dimension: dimension, values: rows.flatMap(\.self))
        }
        return try Classifier(file, bank: bank)
    }

    @Test func aStreamIsAnsweredToItsEnd() async throws {
        let answers = try await answer(fixture("images.arrows")) { try await worker().run(input: $0, output: $1) }
        #expect(answers.suffix(8).elementsEqual(Self.endMark))
        let text = String(decoding: answers, as: UTF8.self)
        for word in ["openclip.model_sha256", "embedding", "nested", "damaged", "has no value in the column 'bytes'"] {
            #expect(text.contains(word))
        }
    }

    @Test func vectorsAreClassified() async throws {
        let classifier = try await classifier()
        let schema = classifier.resultSchema(parts: ResultPart.decision)
        for name in ["images.arrows", "vectors.arrows"] {
            let answers = try await answer(fixture(name)) {
                try await worker().classify(classifier, schema, input: $0, output: $1)
            }
            #expect(answers.suffix(8).elementsEqual(Self.endMark))
            #expect(String(decoding: answers, as: UTF8.self).contains("score_cat"))
        }
    }

    /// What was embedded by another model is refused by the metadata of its stream, and so is a dimension that its model
    /// does not have.
    @Test(arguments: [StubImageEncoder(size: 2, dimension: 16), StubImageEncoder(size: 1, dimension: 8)])
    func vectorsOfAnotherModelAreRefused(other: StubImageEncoder) async throws {
        let embedded = "\(folder.path)/embedded.arrows"
        _ = try await answer(fixture("images.arrows")) { input, output in
            try await EmbeddingWorker(decoder: Decoder(), encoder: other).run(input: input, output: output)
        }
        #expect(rename(output, embedded) == 0)
        let classifier = try await classifier()
        let error = await #expect(throws: CLIPError.self) {
            _ = try await answer(embedded) {
                try await worker().classify(
                    classifier,
                    classifier.resultSchema(parts: []),
                    input: $0,
                    output: $1
                )
            }
        }
        #expect(error?.code == .modelMismatch)
    }

    @Test func recordBatchesBeforeACutAreAnswered() async throws {
        let whole = try await answer(fixture("images.arrows")) { try await worker().run(input: $0, output: $1) }
        let error = await #expect(throws: CLIPError.self) {
            _ = try await answer(fixture("cut.arrows")) { try await worker().run(input: $0, output: $1) }
        }
        #expect(error?.code == .corruptData)
        let answers = try FileBytes.read(output)
        #expect(answers.count > whole.count / 2 && whole.starts(with: answers))
    }

    @Test(arguments: [
        ("texts.arrows", EmbeddingWorker.Options(), CLIPError.Code.unsupportedFormat, "'bytes'"),
        ("vectors.arrows", .init(), .unsupportedFormat, "no column 'bytes'"),
        ("images.arrows", .init(idColumn: "key"), .unsupportedFormat, "'key'"),
        ("images.arrows", .init(imageColumn: "nested"), .unsupportedFormat, "'nested'"),
        ("images.arrows", .init(maximumRows: 2), .limitExceeded, "record batch 1 has 3 rows"),
        ("images.arrows", .init(maximumBytes: 100), .corruptData, "larger than the maximum of 100"),
        ("../types.parquet", .init(), .corruptData, "cannot read as an Arrow IPC stream"),
    ])
    func unsuitableInputIsNamed(
        name: String,
        options: EmbeddingWorker.Options,
        code: CLIPError.Code,
        words: String
    ) async {
        let error = await #expect(throws: CLIPError.self) {
            _ = try await answer(fixture(name)) { try await worker(options).run(input: $0, output: $1) }
        }
        #expect(error?.code == code)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    /// Neither for the schema nor for a record batch, after the output's schema has been written.
    @Test(arguments: [0, 800])
    func aStopDoesNotWaitForTheInput(count: Int) async throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { close(ends[1]) }
        let start = try FileBytes.read(fixture("images.arrows")).prefix(count)
        #expect(start.withContiguousStorageIfAvailable { write(ends[1], $0.baseAddress, $0.count) } == count)
        let control = RunControl()
        let (worker, input, file) = (worker(), ends[0], open(output, O_WRONLY | O_CREAT, 0o600))
        defer { close(file) }
        async let isComplete = worker.run(input: input, output: file, control: control)
        while count > 0, try FileBytes.read(output).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        control.stop()
        #expect(try await !isComplete)
    }
}
