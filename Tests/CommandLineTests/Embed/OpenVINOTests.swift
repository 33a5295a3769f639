import CLIPArrow
import CLIPCore
import Foundation
import TestSupport
import Testing

/// Models for OpenVINO, from image files to decisions.
///
/// `make test` makes the model, a small vision transformer with random weights, for both engines.
@Suite(.ownThreads) struct OpenVINOTests {
    private let place: Workplace
    private let model: String
    private let torchModel: String

    init() throws {
        place = try Workplace()
        model = RepositoryFile.path("build/test-models/vit-quickgelu-openvino")
        torchModel = RepositoryFile.path("build/test-models/vit-quickgelu")
        for model in [model, torchModel] {
            try #require((try? FileBytes.read("\(model)/model.json")) != nil, "'make test' makes \(model)")
        }
        for (index, name) in ["rgb-420.jpg", "gray.jpg"].enumerated() {
            try place.addPhoto(name, as: "\(index).\(name)")
        }
    }

    @Test func aStoreRecordsTheEngineAndKeepsIt() throws {
        #expect(try place.embed("--model", model, "--encoder-threads", "2").status == 0)
        let information = try place.run("store", "info", place.path("store")).output
        #expect(information.contains("openvino") && information.contains("fp32"), "\(information)")
        let verified = try place.run("store", "verify", place.path("store"), "--model", model)
        #expect(verified.status == 0 && verified.output.contains("2 of 2 vectors match"), "\(verified.output)")

        try place.addPhoto("rgb-420.jpg", as: "later.jpg")
        let engine = try place.embed("--model", torchModel)
        #expect(
            engine.status != 0 && engine.errors.contains("engine: store openvino, now torchscript"),
            "\(engine.errors)"
        )
        let precision = try place.embed("--model", model, "--precision", "bf16")
        #expect(precision.status != 0 && precision.errors.contains("precision: store fp32, now bf16"))
        let update = try place.embed("--model", model)
        #expect(update.status == 0 && update.output.contains("1 embedded, 2 skipped"), "\(update.output)")
    }

    @Test func bothEnginesGiveTheSameVectors() throws {
        #expect(try place.embed("--model", model).status == 0)
        #expect(
            try place.run("embed", place.path("photos"), "--output", place.path("other"), "--model", torchModel).status
                == 0
        )
        let stores = try ["store", "other"].map { try ParquetStore(path: place.path($0)) }
        let blocks = try stores.map { try $0.sample(count: 2, seed: 0) }
        #expect(blocks[0].ids.sorted() == blocks[1].ids.sorted())
        for (row, id) in blocks[0].ids.enumerated() {
            let other = try #require(blocks[1].ids.firstIndex(of: id))
            let pairs = zip(blocks[0].embeddings[row: row], blocks[1].embeddings[row: other])
            #expect(pairs.allSatisfy { abs($0 - $1) < 1e-5 }, "\(id)")
        }
    }

    @Test func imagesAreClassifiedAndFoundWithoutPyTorch() throws {
        try place.write(Workplace.categories, "categories.yaml")
        #expect(try place.embed("--model", model).status == 0)
        let results = place.path("results.csv")
        let arguments = [
            "classify", place.path("store"), "--categories", place.path("categories.yaml"), "--model", model,
        ]
        let classified = try Tool.run(arguments + ["--output", results], scratch: place.folder)
        #expect(classified.status == 0, "\(classified.errors)")
        let found = try place.run("search", place.path("store"), "a cat", "--model", model)
        #expect(found.status == 0, "\(found.errors)")
    }

    @Test func aPathWithASlashHasTheSameOtherBundle() throws {
        let result = try place.embed("--model", torchModel + "/", "--engine", "openvino")
        #expect(result.status == 0, "\(result.errors)")
        let information = try place.run("store", "info", place.path("store")).output
        #expect(information.contains("openvino"), "\(information)")
    }

    @Test func aBundleOfAnotherModelIsNotTakenByItsName() throws {
        let files = FileManager.default
        try files.createSymbolicLink(atPath: place.path("model"), withDestinationPath: torchModel)
        try files.createDirectory(atPath: place.path("model-openvino"), withIntermediateDirectories: false)
        for file in try files.contentsOfDirectory(atPath: model) where file != "model.json" {
            try files.createSymbolicLink(
                atPath: place.path("model-openvino/\(file)"),
                withDestinationPath: "\(model)/\(file)"
            )
        }
        let manifest = String(decoding: try FileBytes.read("\(model)/model.json"), as: UTF8.self)
        let changed = manifest.replacingOccurrences(of: "\"bicubic\"", with: "\"bilinear\"")
        #expect(changed != manifest)
        try place.write(changed, "model-openvino/model.json")
        for engine in ["openvino", "auto"] {
            let result = try place.embed("--model", place.path("model"), "--engine", engine)
            #expect(result.status != 0 && result.errors.contains("bundles of different models"), "\(result.errors)")
        }
    }

    @Test func autoMeasuresWhatTheModelHas() throws {
        let result = try place.embed("--model", model, "--precision", "auto")
        #expect(result.status == 0)
        #expect(result.errors.contains("images/s: fp32 ") && !result.errors.contains("int8"), "\(result.errors)")
    }

    @Test func autoTakesTheFasterEngineAndThenTheStores() throws {
        let first = try place.embed("--model", torchModel, "--engine", "auto")
        #expect(first.status == 0, "\(first.errors)")
        let (torch, openVINO) = (first.errors.contains("TorchScript "), first.errors.contains("OpenVINO "))
        #expect(torch && openVINO, "\(first.errors)")
        let used = [torchModel, model].filter { first.errors.contains("Using \($0).") }
        #expect(used.count == 1, "\(first.errors)")
        let information = try place.run("store", "info", place.path("store")).output
        #expect(information.contains("openvino") == (used == [model]), "\(information)")

        // Whichever it was, other commands find it by the model's name.
        try place.addPhoto("rgb-420.jpg", as: "later.jpg")
        let update = try place.embed("--model", torchModel, "--engine", "auto")
        #expect(update.status == 0 && update.output.contains("1 embedded, 2 skipped"), "\(update.output)")
        let verified = try place.run("store", "verify", place.path("store"), "--model", torchModel)
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func anEngineIsFoundBesideTheModel() throws {
        #expect(try place.embed("--model", torchModel, "--engine", "openvino").status == 0)
        #expect(try place.run("store", "info", place.path("store")).output.contains("openvino"))
        let found = try place.run("search", place.path("store"), "a cat", "--model", torchModel)
        #expect(found.status == 0, "\(found.errors)")

        let alone = place.path("alone")
        try FileManager.default.createSymbolicLink(atPath: alone, withDestinationPath: torchModel)
        let error = try place.embed("--model", alone, "--engine", "openvino")
        #expect(error.status != 0 && error.errors.contains("\(alone)-openvino is none for OpenVINO"), "\(error.errors)")
        let quantised = try place.embed("--model", alone, "--engine", "openvino", "--precision", "int8")
        #expect(quantised.errors.contains("\(alone)-openvino-int8 is none for OpenVINO"), "\(quantised.errors)")
    }

    @Test func enginesAreComparedInOnePrecision() throws {
        let result = try place.embed("--model", torchModel, "--engine", "auto", "--precision", "int8")
        #expect(result.status == 0, "\(result.errors)")
        let speeds = ["TorchScript", "OpenVINO"].allSatisfy { result.errors.contains("\($0) ") }
        #expect(speeds && result.errors.contains(" in int8") && !result.errors.contains(" in fp32"), "\(result.errors)")
        let information = try place.run("store", "info", place.path("store")).output
        #expect(information.contains("int8"), "\(information)")

        // The bundle of 8-bit integers names the precision.
        let other = try Workplace()
        try other.addPhoto("gray.jpg", as: "gray.jpg")
        let named = try other.embed("--model", "\(model)-int8", "--engine", "torch")
        #expect(named.status == 0, "\(named.errors)")
        let found = try other.run("store", "info", other.path("store")).output
        #expect(found.contains("torchscript") && found.contains("int8"), "\(found)")
    }

    @Test func anEngineInInt8IsFoundBesideTheModel() throws {
        let result = try place.embed("--model", torchModel, "--engine", "openvino", "--precision", "int8")
        #expect(result.status == 0, "\(result.errors)")
        let information = try place.run("store", "info", place.path("store")).output
        #expect(information.contains("openvino") && information.contains("int8"), "\(information)")
        // Other commands find it by the model's name.
        let verified = try place.run("store", "verify", place.path("store"), "--model", torchModel)
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test func thePrecisionOfAStoreOfAnotherBundleIsNotAskedOfThisOne() throws {
        try #require(try place.embed("--model", torchModel, "--precision", "int8").status == 0)
        for options in [[], ["--precision", "auto"]] {
            let result = try Tool.run(
                ["embed", place.path("photos"), "--output", place.path("store"), "--model", model] + options,
                scratch: place.folder
            )
            #expect(result.status != 0 && result.errors.contains("engine: store torchscript, now openvino"))
            #expect(!result.errors.contains("Omit the precision"), "\(result.errors)")
        }
        // By another name, so that the store's own bundle is not found beside it.
        let alone = place.path("alone")
        try FileManager.default.createSymbolicLink(atPath: alone, withDestinationPath: model)
        let verified = try place.run("store", "verify", place.path("store"), "--model", alone)
        #expect(verified.status != 0 && verified.errors.contains("was made with the model"), "\(verified.errors)")
    }

    @Test func namedFP32IsRefusedForABundleInInt8() throws {
        let result = try place.embed("--model", "\(model)-int8", "--precision", "fp32")
        #expect(result.status != 0 && result.errors.contains("runs only as it is stored (int8), not in fp32"))
        #expect((try? PathKind(place.path("store"))) == nil)
    }

    @Test func aPrecisionOfAnotherEngineAndADeviceThatItLacksAreErrors() throws {
        let precision = try place.embed("--model", model, "--precision", "int8")
        #expect(precision.status != 0 && precision.errors.contains("runs in fp32 or bf16, not in int8"))
        let device = try place.embed("--model", model, "--device", "cuda")
        #expect(device.status != 0 && device.errors.contains("Use --device cpu"), "\(device.errors)")
    }

    @Test func aCommandThatLoadsAModelSaysThatOpenVINOIsMissing() throws {
        let arguments = ["encode-text", "a cat", "--model", model, "--output", place.path("x.npy")]
        let script = "OPENVINO=\"\(place.path("nothing"))\" exec \"$@\""
        let result = try Tool.run(arguments, script: script, scratch: place.folder)
        #expect(result.status == 3)
        #expect(result.errors.contains("error: OpenVINO is not installed."), "\(result.errors)")
        #expect(result.errors.contains(place.path("nothing")) && result.errors.contains("scripts/setup.sh openvino"))

        try place.write("no library", "damaged/libopenvino_c.so")
        let damaged = "OPENVINO=\"\(place.path("damaged"))\" exec \"$@\""
        let other = try Tool.run(arguments, script: damaged, scratch: place.folder)
        #expect(other.status == 3 && other.errors.contains("error: Cannot load OpenVINO: \(place.path("damaged"))"))
    }
}
