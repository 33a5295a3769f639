import CLIPArrow
import CLIPCore
import CLIPDigest
import CLIPTorch
import Foundation
import TestSupport
import Testing

/// One bundle, run in several precisions.
///
/// `make test` makes the model, a small vision transformer with random weights.
@Suite(.ownThreads) struct PrecisionTests {
    private let place: Workplace
    private let model: String

    init() throws {
        place = try Workplace()
        model = RepositoryFile.path("build/test-models/vit-quickgelu")
        try #require((try? FileBytes.read("\(model)/model.json")) != nil, "'make test' makes \(model)")
        for (index, name) in ["rgb-420.jpg", "gray.jpg"].enumerated() {
            try place.addPhoto(name, as: "\(index).\(name)")
        }
    }

    private func precision(_ store: String = "store") throws -> String? {
        try ParquetStore(path: place.path(store)).provenance.precision
    }

    @Test func aStoreKeepsItsPrecision() throws {
        #expect(try place.embed("--model", model, "--precision", "int8").status == 0)
        #expect(try precision() == "int8")

        try place.addPhoto("rgb-420.jpg", as: "later.jpg")
        let update = try place.embed("--model", model)
        #expect(update.status == 0 && update.output.contains("1 embedded, 2 skipped"), "\(update.output)")
        let verified = try place.run("store", "verify", place.path("store"), "--model", model)
        #expect(verified.status == 0 && verified.output.contains("3 of 3 vectors match"), "\(verified.output)")
        #expect(try place.run("store", "info", place.path("store")).output.contains("int8"))

        try place.addPhoto("rgb-420.jpg", as: "last.jpg")
        let other = try place.embed("--model", model, "--precision", "fp32")
        #expect(other.status != 0 && other.errors.contains("precision: store int8, now fp32"), "\(other.errors)")
    }

    @Test func damageIsNotTakenForOtherSettings() throws {
        try #require(try place.embed("--model", model, "--precision", "int8").status == 0)
        try place.write("PAR1", "store/rejects.parquet")
        let result = try place.embed("--model", model)
        #expect(result.status == 3 && result.errors.contains("rejects.parquet"), "\(result.errors)")
        #expect(!result.errors.contains("other settings"), "\(result.errors)")
    }

    @Test func withoutAnOptionVectorsAreExact() throws {
        #expect(try place.embed("--model", model).status == 0)
        #expect(try precision() == "fp32")
    }

    @Test func autoSaysWhatItMeasuredAndUses() throws {
        let result = try place.embed("--model", model, "--precision", "auto")
        #expect(result.status == 0)
        let chosen = try #require(try precision())
        #expect(
            result.errors.contains("images/s: fp32 ") && result.errors.contains("Using \(chosen)"),
            "\(result.errors)"
        )
        let sized = try place.embed("--model", model, "--precision", "auto", "--batch-size", "4")
        #expect(sized.status == 0 && sized.errors.contains("batches of 4."), "\(sized.errors)")
    }

    /// Its default is the stored format; a precision that somebody names is the one to use.
    @Test func namedFP32IsRefusedWhereABundleHasAnotherFormat() throws {
        let stored = RepositoryFile.path("build/test-models/vit-quickgelu-int8")
        let fp32 = ["--precision", "fp32"]
        for arguments in [
            ["embed", place.path("photos"), "--output", place.path("store"), "--model", stored] + fp32,
            ["models", "verify", stored] + fp32, ["worker", "--model", stored] + fp32,
        ] {
            let result = try Tool.run(arguments, scratch: place.folder)
            let message = "runs only as it is stored (int8), not in fp32. Omit the precision"
            #expect(result.status > 0 && result.errors.contains(message), "\(arguments): \(result.errors)")
        }
        #expect((try? PathKind(place.path("store"))) == nil)
    }

    @Test func aModelWithoutOperatorsRunsOnlyAsItIsStored() throws {
        let result = try place.embed("--precision", "int8")
        #expect(result.status != 0 && result.errors.contains("runs only as it is stored (fp32)"), "\(result.errors)")
        #expect((try? PathKind(place.path("store"))) == nil)
    }

    @Test(arguments: Precision.allCases) func theReferenceIsReachedOrTheCPUNamed(_ precision: Precision) throws {
        let result = try place.run("models", "verify", model, "--precision", precision.rawValue)
        if try TorchRuntime.precisions().contains(precision) {
            #expect(result.status == 0, "\(result.output)")
        } else {
            #expect(result.status != 0 && result.errors.contains("This CPU has no instructions for bf16"))
        }
    }

    /// As of bundles that were exported on a CPU without it.
    @Test func aPrecisionWithoutARequiredCosineHasTheUsualOne() throws {
        let golden = String(decoding: try FileBytes.read("\(model)/golden.json"), as: UTF8.self)
        let changed = golden.replacing(#""int8": 0.995"#, with: #""other": 0.995"#)
        try #require(changed != golden)
        func hash(_ text: String) -> String { SHA256.hexadecimal(of: Array(text.utf8)) }
        let manifest = String(decoding: try FileBytes.read("\(model)/model.json"), as: UTF8.self)
        try place.write(changed, "m/golden.json")
        try place.write(manifest.replacing(hash(golden), with: hash(changed)), "m/model.json")
        for name in try FileManager.default.contentsOfDirectory(atPath: model)
        where !["golden.json", "model.json"].contains(name) {
            try FileManager.default.createSymbolicLink(
                atPath: place.path("m/\(name)"),
                withDestinationPath: "\(model)/\(name)"
            )
        }
        let result = try place.run("models", "verify", place.path("m"), "--precision", "int8")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    /// `OPENCLIP_KERNELS` leaves out the instructions of newer CPUs.
    @Test func aCPUWithoutBF16SaysInWhatTheModelRuns() throws {
        func embed(_ precision: String) throws -> Tool.Result {
            let arguments = ["embed", place.path("photos"), "--output", place.path("store"), "--model", model]
            let script = "OPENCLIP_KERNELS=portable exec \"$@\""
            return try Tool.run(arguments + ["--precision", precision], script: script, scratch: place.folder)
        }
        let result = try embed("bf16")
        let message = "error: This CPU has no instructions for bf16; \(model) runs on it in fp32 or int8."
        #expect(result.status != 0 && result.errors.contains(message), "\(result.errors)")
        #expect((try? PathKind(place.path("store"))) == nil)
        let measured = try embed("auto")
        #expect(measured.status == 0 && !measured.errors.contains("bf16"), "\(measured.errors)")
    }

    @Test func vectorsHaveTheSameBitsInEveryBatchAndWithAnyNumberOfThreads() async throws {
        // A tower of operators in each precision, and one that runs its images one by one.
        let own = try TorchRuntime.precisions().map { try ModelBundle(named: model, precision: $0) }
        for bundle in own + [try ModelBundle(named: ModelLibrary.defaultName)] {
            let encoder = try bundle.imageEncoder()
            let spec = encoder.model.preprocessing
            var random = SeededGenerator(seed: 7)
            var batch = ImageBatch(height: spec.height, width: spec.width)
            for _ in 0..<9 {
                batch.append((0..<spec.height * spec.width * 3).map { _ in UInt8.random(in: 0...255, using: &random) })
            }
            let all = try await encoder.encode(batch)
            for threads in [4, 2, 1] {
                try TorchRuntime.setThreadCount(threads)
                for first in stride(from: 0, to: batch.count, by: threads) {
                    var part = ImageBatch(height: spec.height, width: spec.width)
                    for index in first..<min(first + threads, batch.count) { part.append(Array(batch[index])) }
                    let vectors = try await encoder.encode(part)
                    for row in 0..<vectors.count {
                        #expect(vectors[row: row] == all[row: first + row], "\(bundle.model.name), \(threads) threads")
                    }
                }
            }
        }
    }
}
